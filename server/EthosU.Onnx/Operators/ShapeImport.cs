using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Operators that change the shape or order of axes only.</summary>
internal static class ShapeImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Reshape", Reshape), ("Flatten", Flatten), ("Squeeze", Squeeze), ("Unsqueeze", Unsqueeze), ("Transpose", Transpose),
        ("Identity", Same), ("Dropout", Dropout), ("Shape", ShapeOf),
        ("Size", c => c.Output(0, c.Scalar(checked((int)c.Input(0).Shape.ElementCount)))),
        ("DepthToSpace", c => c.Output(0,
            SpaceBlocks.FromDepth(c, c.Input(0), c.Node.Int("blocksize", 1), c.Node.Text("mode", "DCR") == "CRD"))),
        ("SpaceToDepth", c => c.Output(0, SpaceBlocks.ToDepth(c, c.Input(0), c.Node.Int("blocksize", 1)))), ("Expand", Expand),
    ];

    private static void Same(ImportContext c) => c.Output(0, c.Input(0));

    private static void Dropout(ImportContext c)
    {
        bool drops = !c.HasInput(1) || c.Number(1, "ratio") > 0;
        if (drops && c.HasInput(2) && c.Truth(2, "training mode"))
            throw new UnsupportedOperatorException("The dropout is in training mode.", "Call model.eval() before the export.");
        if (c.WantsOutput(1))
            c.Output(1, c.Emit(new Fill(), c.Integers([.. c.Input(0).Shape]), c.Constant(TensorData.Scalar(true))));
        Same(c);
    }

    private static void ShapeOf(ImportContext c)
    {
        Shape shape = c.Input(0).Shape;
        int start = Clamp(c.Node.Int("start", 0)), end = Clamp(c.Node.Int("end", shape.Rank));
        c.Output(0, c.Integers([.. shape.Sizes[start..Math.Max(start, end)]]));

        int Clamp(int axis) => Math.Clamp(axis < 0 ? axis + shape.Rank : axis, 0, shape.Rank);
    }

    private static void Reshape(ImportContext c)
    {
        Tensor x = c.Input(0);
        int[] sizes = [.. c.Integers(1, "shape")];
        bool copyZero = c.Node.Int("allowzero", 0) == 0;
        for (int i = 0; i < sizes.Length; i++)
            if (sizes[i] == 0 && copyZero)
                sizes[i] = i < x.Shape.Rank ? x.Shape[i]
                    : throw new UnsupportedOperatorException(
                        $"The shape [{string.Join(", ", sizes)}] copies an axis that {x.Shape} does not have.",
                    "Check the exported model.");
        int open = Array.IndexOf(sizes, -1);
        if (open >= 0)
        {
            long known = sizes.Where((_, i) => i != open).Aggregate(1L, (a, b) => checked(a * b));
            sizes[open] = known == 0 ? 0 : checked((int)(x.Shape.ElementCount / known));
        }
        if (sizes.Any(size => size < 0) || new Shape([.. sizes]).ElementCount != x.Shape.ElementCount)
            throw new UnsupportedOperatorException($"{x.Shape} does not fit into [{string.Join(", ", sizes)}].",
                "If the batch size is symbolic, export with the batch size that will be used (1).");
        c.Output(0, c.Reshape(x, new([.. sizes])));
    }

    private static void Flatten(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = c.Node.Int("axis", 1);
        axis = axis < 0 ? axis + x.Shape.Rank : axis;
        if (axis < 0 || axis > x.Shape.Rank)
            throw new UnsupportedOperatorException($"{x.Shape} cannot be cut before axis {axis}.", "Check the exported model.");
        int rows = x.Shape.Sizes[..axis].Aggregate(1, (a, b) => a * b);
        c.Output(0, c.Reshape(x, [rows, x.Shape.Sizes[axis..].Aggregate(1, (a, b) => checked(a * b))]));
    }

    private static void Squeeze(ImportContext c)
    {
        Tensor x = c.Input(0);
        int[]? axes = c.ReadIntegers(1, "axes");
        HashSet<int> gone =
            [.. axes is null or [] ? Enumerable.Range(0, x.Shape.Rank).Where(axis => x.Shape[axis] == 1)
            : axes.Select(x.Shape.NormalizeAxis)];
        c.Output(0, c.Reshape(x, new([.. x.Shape.Where((_, axis) => !gone.Contains(axis))])));
    }

    private static void Unsqueeze(ImportContext c)
    {
        Tensor x = c.Input(0);
        int[] axes = c.Integers(1, "axes");
        int rank = x.Shape.Rank + axes.Length;
        List<int> sizes = [.. x.Shape];
        foreach (int axis in axes.Select(axis => axis < 0 ? axis + rank : axis).Order())
            sizes.Insert(axis >= 0 && axis <= sizes.Count ? axis
                : throw new UnsupportedOperatorException($"The result of {rank} axes has no axis {axis}.", "Check the exported model."), 1);
        c.Output(0, c.Reshape(x, new([.. sizes])));
    }

    private static void Transpose(ImportContext c)
    {
        Tensor x = c.Input(0);
        c.Output(0, c.Transpose(x, c.Node.Ints("perm") ?? [.. Enumerable.Range(0, x.Shape.Rank).Reverse()]));
    }

    private static void Expand(ImportContext c)
    {
        Tensor x = c.Input(0);
        c.Output(0, Movement.Expand(c, x, new([.. c.Integers(1, "shape")])));
    }
}
