using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Operators that cut and join tensors.</summary>
internal static class MovementImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
        [("Concat", Concat), ("Split", Split), ("Slice", Slice), ("Tile", Tile), ("Trilu", Trilu), ("ReverseSequence", ReverseSequence),
        ("CenterCropPad", CenterCropPad)];

    private static void Concat(ImportContext c)
    {
        Tensor[] parts =
            [.. Enumerable.Range(0, c.InputCount).Select(i => QuantizationImport.Alike(c, i))
            .Where(t => t.Shape.Rank != 1 || t.Shape[0] != 0)];
        c.Output(0, parts.Length == 0 ? c.Input(0)
            : c.Concat(parts[0].Shape.NormalizeAxis(c.Node.Int("axis", c.Node.Set.ConcatAxis)), parts));
    }

    private static void Split(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", 0)), size = x.Shape[axis], count = c.OutputCount;
        int[]? sizes = c.ReadIntegers(1, "split");
        int step = (size + count - 1) / count; // the last may be smaller
        if (sizes is not null && sizes.Length != count)
            throw new UnsupportedOperatorException($"{sizes.Length} sizes do not suit {count} outputs.", "Check the exported model.");
        if (sizes is null && c.Node.Set.DeclaresParts && c.Node.Int("num_outputs", count) is var declared && declared != count)
            throw new UnsupportedOperatorException(
                $"Its num_outputs {declared} does not suit its {count} outputs.", "Check the exported model.");
        sizes ??= [.. Enumerable.Range(0, count).Select(i => Math.Clamp(size - (i * step), 0, step))];
        Tensor[] parts = c.Split(x, axis, sizes);
        for (int i = 0; i < parts.Length; i++)
            c.Output(i, parts[i]);
    }

    private static void Slice(ImportContext c)
    {
        Tensor x = c.Input(0);
        int[] starts = c.Integers(1, "starts"), ends = c.Integers(2, "ends");
        int[] axes = c.ReadIntegers(3, "axes") ?? [.. Enumerable.Range(0, starts.Length)],
            steps = c.ReadIntegers(4) ?? [.. Enumerable.Repeat(1, starts.Length)];
        c.Output(0, Slicing.Of(c, x, axes, starts, ends, steps));
    }

    private static void Tile(ImportContext c)
    {
        Tensor x = c.Input(0);
        int[] repeats = c.Integers(1, "repeats");
        if (c.Node.Set.TilesOneAxis)
        {
            int axis = x.Shape.NormalizeAxis(c.Integer(2, "axis")), times = ImportContext.First(repeats, "number of tiles");
            repeats = [.. Enumerable.Range(0, x.Shape.Rank).Select(a => a == axis ? times : 1)];
        }
        c.Output(0, c.Emit(new Tile(), x, c.Integers(repeats)));
    }

    private static void Trilu(ImportContext c)
    {
        Tensor x = c.InputOfRank(0, 2);
        c.Output(0, Movement.Triangle(c, x, c.HasInput(1) ? c.Integer(1, "diagonal") : 0, c.Node.Int("upper", 1) != 0));
    }

    private static void ReverseSequence(ImportContext c)
    {
        Tensor x = c.Input(0);
        int time = x.Shape.NormalizeAxis(c.Node.Int("time_axis", 0)), batch = x.Shape.NormalizeAxis(c.Node.Int("batch_axis", 1));
        TensorData lengths = c.Constant(c.Input(1), "sequence lengths");
        c.Output(0, lengths.ToInt32Array().All(length => length == x.Shape[time])
            ? c.Emit(new ReverseV2(), x, c.Integers(time))
            : c.Emit(new ReverseSequence(time, batch), x, c.Constant(lengths, "lengths")));
    }

    /// <summary>Crops or pads around the middle to a size.</summary>
    private static void CenterCropPad(ImportContext c)
    {
        Tensor x = c.Input(0);
        int[] sizes = c.Integers(1, "shape");
        int[] axes = c.Node.Ints("axes") ?? [.. Enumerable.Range(0, sizes.Length)];
        if (axes.Length != sizes.Length)
            throw new UnsupportedOperatorException($"{sizes.Length} sizes do not suit {axes.Length} axes.", "Check the exported model.");
        int[] paddings = new int[2 * x.Shape.Rank];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = x.Shape.NormalizeAxis(axes[i]), surplus = checked(x.Shape[axis] - sizes[i]);
            if (surplus > 0)
                x = c.SliceAxis(x, axis, surplus / 2, sizes[i]);
            else
                (paddings[2 * axis], paddings[(2 * axis) + 1]) = (-surplus / 2, -surplus - (-surplus / 2));
        }
        c.Output(0, paddings.All(padding => padding == 0) ? x
            : c.Emit(new Pad(), x, c.Constant(TensorData.From<int>([x.Shape.Rank, 2], paddings), "paddings")));
    }
}
