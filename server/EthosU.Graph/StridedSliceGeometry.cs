using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>A STRIDED_SLICE with its masks resolved (tflite-kernels 3.11).</summary>
/// <param name="Begin">First element along each axis of the input.</param>
/// <param name="Stride">Step along each axis of the input.</param>
/// <param name="Count">Number of elements along each axis of the input.</param>
/// <param name="OutputShape">The counts without the axes that disappear, with the new axes.</param>
public sealed record StridedSliceGeometry(
    ImmutableArray<int> Begin, ImmutableArray<int> Stride, ImmutableArray<int> Count, Shape OutputShape)
{
    /// <summary>Resolves masks, negative positions and clamping.</summary>
    /// <exception cref="InvalidGraphException">The vectors do not suit the shape.</exception>
    public static StridedSliceGeometry Resolve(StridedSlice op, Shape shape, ReadOnlySpan<int> begin, ReadOnlySpan<int> end,
        ReadOnlySpan<int> strides)
    {
        int specs = begin.Length;
        if (end.Length != specs || strides.Length != specs || specs > 32)
            throw new InvalidGraphException("STRIDED_SLICE: begin, end and strides differ in length");
        List<int> firsts = [], steps = [], counts = [], sizes = [];
        int axis = 0;
        for (int i = 0; i < specs; i++)
        {
            int bit = 1 << i;
            if ((op.EllipsisMask & bit) != 0)
            {
                int later = 0;
                for (int j = i + 1; j < specs; j++)
                    later += (op.NewAxisMask & (1 << j)) == 0 ? 1 : 0;
                for (; axis < shape.Rank - later; axis++)
                    Take(0, 1, shape[axis], keep: true);
                continue;
            }
            if ((op.NewAxisMask & bit) != 0)
            {
                sizes.Add(1);
                continue;
            }
            if (axis >= shape.Rank || strides[i] == 0)
                throw new InvalidGraphException($"STRIDED_SLICE: begin, end and strides do not suit {shape}");
            int n = shape[axis++], step = strides[i];
            int low = step > 0 ? 0 : -1, high = step > 0 ? n : n - 1;
            int first = (op.BeginMask & bit) != 0 ? (step > 0 ? 0 : n - 1) : Clamp(begin[i], n, low, high);
            if ((op.ShrinkAxisMask & bit) != 0)
            {
                int position = begin[i] < 0 ? begin[i] + n : begin[i];
                if ((uint)position >= (uint)n)
                    throw new InvalidGraphException($"STRIDED_SLICE: element {begin[i]} is outside axis {axis - 1} of {shape}");
                Take(position, 1, 1, keep: false);
                continue;
            }
            int stop = op.Offset ? checked(begin[i] + end[i]) : end[i];
            int last = (op.EndMask & bit) != 0 ? (step > 0 ? n : -1) : Clamp(stop, n, low, high);
            long span = step > 0 ? (long)last - first : (long)first - last;
            long size = Math.Abs((long)step);
            Take(first, step, (int)Math.Max(0, (span + size - 1) / size), keep: true);
        }
        for (; axis < shape.Rank; axis++)
            Take(0, 1, shape[axis], keep: true);
        return new([.. firsts], [.. steps], [.. counts], new([.. sizes]));

        void Take(int first, int step, int count, bool keep)
        {
            firsts.Add(first);
            steps.Add(step);
            counts.Add(count);
            if (keep)
                sizes.Add(count);
        }
    }

    private static int Clamp(int position, int size, int low, int high) =>
        Math.Clamp(position < 0 ? position + size : position, low, high);
}
