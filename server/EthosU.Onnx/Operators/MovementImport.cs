using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Operators that cut and join tensors.</summary>
internal static class MovementImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
        [("Concat", Concat), ("Split", Split), ("Slice", Slice), ("Tile", Tile), ("Trilu", Trilu), ("ReverseSequence", ReverseSequence)];

    private static void Concat(ImportContext c)
    {
        Tensor[] parts = [.. Enumerable.Range(0, c.InputCount).Select(c.Input).Where(t => t.Shape.Rank != 1 || t.Shape[0] != 0)];
        c.Output(0, parts.Length switch
        {
            0 => c.Input(0),
            1 => parts[0],
            _ => c.Emit(new Concatenation(parts[0].Shape.NormalizeAxis(c.Node.Int("axis", 0))), [.. parts]),
        });
    }

    private static void Split(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", 0)), size = x.Shape[axis], count = c.OutputCount;
        int[]? sizes = c.ReadIntegers(1, "split");
        int step = (size + count - 1) / count;
        sizes ??= [.. Enumerable.Range(0, count).Select(i => Math.Clamp(size - (i * step), 0, step))];
        Tensor[] parts = sizes.Length == 1 ? [x]
            : sizes.Distinct().Count() == 1 ? c.EmitMany(new Split(), count, c.Scalar(axis), x)
            : c.EmitMany(new SplitV(), count, x, c.Integers(sizes), c.Scalar(axis));
        for (int i = 0; i < parts.Length; i++)
            c.Output(i, parts[i]);
    }

    private static void Slice(ImportContext c)
    {
        Tensor x = c.Input(0);
        int[] starts = c.ReadIntegers(1, "starts")!, ends = c.ReadIntegers(2, "ends")!;
        int[] axes = c.ReadIntegers(3, "axes") ?? [.. Enumerable.Range(0, starts.Length)], steps = c.ReadIntegers(4) ?? [.. Enumerable.Repeat(1, starts.Length)];
        int rank = x.Shape.Rank;
        int[] begin = new int[rank], count = [.. x.Shape], stride = [.. Enumerable.Repeat(1, rank)];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = x.Shape.NormalizeAxis(axes[i]), n = x.Shape[axis], step = steps[i];
            if (step == 0)
                throw ImportContext.Unsupported("A step of 0 is not possible.", "Check the exported model.");
            int first = Position(starts[i], n, step > 0 ? 0 : -1, step > 0 ? n : n - 1), last = Position(ends[i], n, step > 0 ? 0 : -1, step > 0 ? n : n - 1);
            begin[axis] = Math.Max(first, 0);
            stride[axis] = step;
            count[axis] = Math.Max(0, (int)Math.Ceiling((last - (double)first) / step));
        }
        if (count.SequenceEqual(x.Shape) && stride.All(s => s == 1))
        {
            c.Output(0, x);
            return;
        }
        if (stride.All(s => s == 1))
        {
            c.Output(0, c.Emit(new Slice(), x, c.Integers(begin), c.Integers(count)));
            return;
        }
        int mask = 0;
        int[] end = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            end[axis] = begin[axis] + (count[axis] * stride[axis]);
            if (end[axis] < 0)
                mask |= 1 << axis; // to the very first element: a negative end would count from the back
            else if (stride[axis] > 0)
                end[axis] = Math.Min(end[axis], x.Shape[axis]);
        }
        c.Output(0, c.Emit(new StridedSlice(EndMask: mask), x, c.Integers(begin), c.Integers(end), c.Integers(stride)));
    }

    private static int Position(int position, int size, int low, int high) => (int)Math.Clamp(position < 0 ? (long)position + size : position, low, high);

    private static void Tile(ImportContext c) => c.Output(0, c.Emit(new Tile(), c.Input(0), c.Integers(c.ReadIntegers(1)!)));

    private static void Trilu(ImportContext c)
    {
        Tensor x = c.Input(0);
        int k = c.ReadIntegers(1)?[0] ?? 0, rows = x.Shape[-2], columns = x.Shape[-1];
        bool upper = c.Node.Int("upper", 1) != 0;
        float[] mask = new float[rows * columns];
        for (int i = 0; i < mask.Length; i++)
            mask[i] = (upper ? (i % columns) - (i / columns) >= k : (i % columns) - (i / columns) <= k) ? 1 : 0;
        c.Output(0, c.Mul(x, c.Cast(c.Constant(TensorData.From<float>([rows, columns], mask), "mask"), x.Type)));
    }

    private static void ReverseSequence(ImportContext c)
    {
        Tensor x = c.Input(0);
        int time = c.Node.Int("time_axis", 0);
        int[] lengths = c.Constant(c.Input(1), "sequence lengths").ToInt32Array();
        if (lengths.Any(length => length != x.Shape[time]))
            throw ImportContext.Unsupported("Sequences of different lengths cannot be reversed.", "Use sequences of one fixed length.");
        c.Output(0, c.Emit(new ReverseV2(), x, c.Integers(time)));
    }
}
