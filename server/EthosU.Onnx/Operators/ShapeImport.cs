using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Operators that change the shape or order of axes only.</summary>
internal static class ShapeImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Reshape", Reshape), ("Flatten", Flatten), ("Squeeze", Squeeze), ("Unsqueeze", Unsqueeze), ("Transpose", Transpose),
        ("Identity", Same), ("Dropout", Dropout), ("Shape", ShapeOf),
        ("Size", c => c.Output(0, c.Scalar(checked((int)c.Input(0).Shape.ElementCount)))),
        ("DepthToSpace", DepthToSpace), ("SpaceToDepth", SpaceToDepth), ("Expand", Expand),
    ];

    private static void Same(ImportContext c) => c.Output(0, c.Input(0));

    private static void Dropout(ImportContext c)
    {
        bool drops = c.TryInput(1) is not { } ratio || c.Constant(ratio, "ratio").ToFloatArray()[0] > 0;
        if (drops && c.TryInput(2) is { } training && c.Constant(training, "training mode").ToInt64Array()[0] != 0)
            throw ImportContext.Unsupported("The dropout is in training mode.", "Call model.eval() before the export.");
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
                    : throw ImportContext
                    .Unsupported($"The shape [{string.Join(", ", sizes)}] copies an axis that {x.Shape} does not have.",
                    "Check the exported model.");
        int open = Array.IndexOf(sizes, -1);
        if (open >= 0)
        {
            long known = sizes.Where((_, i) => i != open).Aggregate(1L, (a, b) => checked(a * b));
            sizes[open] = known == 0 ? 0 : checked((int)(x.Shape.ElementCount / known));
        }
        if (sizes.Any(size => size < 0) || new Shape([.. sizes]).ElementCount != x.Shape.ElementCount)
            throw ImportContext
                .Unsupported($"{x.Shape} does not fit into [{string.Join(", ", sizes)}].",
                "If the batch size is symbolic, export with the batch size that will be used (1).");
        c.Output(0, c.Reshape(x, new([.. sizes])));
    }

    private static void Flatten(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = c.Node.Int("axis", 1);
        axis = axis < 0 ? axis + x.Shape.Rank : axis;
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
            sizes.Insert(axis, 1);
        c.Output(0, c.Reshape(x, new([.. sizes])));
    }

    private static void Transpose(ImportContext c)
    {
        Tensor x = c.Input(0);
        c.Output(0, c.Transpose(x, c.Node.Ints("perm") ?? [.. Enumerable.Range(0, x.Shape.Rank).Reverse()]));
    }

    private static void DepthToSpace(ImportContext c)
    {
        Tensor x = c.Input(0);
        int b = c.Node.Int("blocksize", 1);
        Shape s = x.Shape;
        if (s.Rank != 4 || b is < 1 or > 1024 || s[1] % (b * b) != 0)
            throw ImportContext.Unsupported($"Blocks of {b} do not suit {s}.", "Check the layer's arguments.");
        Tensor image = c.ChannelsLast(x);
        if (c.Node.Text("mode", "DCR") == "CRD" && s[1] != b * b)
        {
            int channels = s[1] / (b * b);
            int[] order = new int[s[1]];
            for (int phase = 0; phase < b * b; phase++)
                for (int channel = 0; channel < channels; channel++)
                    order[(phase * channels) + channel] = (channel * b * b) + phase;
            image = c.Emit(new Gather(3), image, c.Integers(order));
        }
        c.Output(0, c.ChannelsFirst(c.Emit(new DepthToSpace(b), image)));
    }

    private static void SpaceToDepth(ImportContext c) =>
        c.Output(0, c.ChannelsFirst(c.Emit(new SpaceToDepth(c.Node.Int("blocksize", 1)), c.ChannelsLast(c.Input(0)))));

    private static void Expand(ImportContext c)
    {
        Tensor x = c.Input(0);
        Shape wanted = new([.. c.Integers(1, "shape")]);
        if (!Shape.TryBroadcast(x.Shape, wanted, out Shape result))
            throw ImportContext.Unsupported($"{x.Shape} does not broadcast to {wanted}.", "Check the exported model.");
        c.Output(0, result == x.Shape ? x
            : result.ElementCount == x.Shape.ElementCount ? c.Reshape(x, result)
            : c.Emit(new BroadcastTo(), x, c.Integers([.. result])));
    }
}
