using EthosU.Graphs;

namespace EthosU.Interpreter.Movement;

/// <summary>TRANSPOSE of large tensors, step by step: a list of its copies takes several times the tensor's memory.</summary>
internal static class StridedTranspose
{
    private const int Least = 1 << 16; // elements

    /// <summary>The kernel; null for small tensors, and for axes that do not suit the shapes.</summary>
    public static PreparedKernel? TryPrepare(NodeFacts facts)
    {
        Shape from = facts.Input(0).Shape, to = facts.Output.Shape;
        int[] axes = facts.Integers(1);
        if (from.ElementCount is < Least or > int.MaxValue || !axes.Order().SequenceEqual(Enumerable.Range(0, from.Rank))
            || from.Permute(axes) != to)
            return null;
        long[] strides = [.. from.Strides()];
        int[] sizes = [.. to], steps = [.. axes.Select(axis => (int)strides[axis])];
        return facts.Output.Type.ByteSize() switch
        {
            1 => new(frame => Run(frame.Input<byte>(0), frame.Output<byte>(), sizes, steps)),
            2 => new(frame => Run(frame.Input<ushort>(0), frame.Output<ushort>(), sizes, steps)),
            4 => new(frame => Run(frame.Input<uint>(0), frame.Output<uint>(), sizes, steps)),
            8 => new(frame => Run(frame.Input<ulong>(0), frame.Output<ulong>(), sizes, steps)),
            _ => null,
        };
    }

    private static void Run<T>(ReadOnlySpan<T> x, Span<T> y, int[] sizes, int[] steps) where T : unmanaged
    {
        int last = sizes.Length - 1, inner = sizes[last], step = steps[last], from = 0;
        Span<int> at = stackalloc int[sizes.Length];
        at.Clear();
        for (int start = 0; start < y.Length; start += inner)
        {
            Span<T> row = y.Slice(start, inner);
            for (int i = 0, position = from; i < row.Length; i++, position += step)
                row[i] = x[position];
            for (int axis = last - 1; axis >= 0; axis--)
            {
                from += steps[axis];
                if (++at[axis] < sizes[axis])
                    break;
                from -= steps[axis] * sizes[axis];
                at[axis] = 0;
            }
        }
    }
}
