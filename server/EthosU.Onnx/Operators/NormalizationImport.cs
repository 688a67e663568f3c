using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Normalisations; those over data are taken apart (tflite-kernels 3.13).</summary>
internal static class NormalizationImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("BatchNormalization", Batch), ("InstanceNormalization", Instance), ("LayerNormalization", Layer),
        ("SimplifiedLayerNormalization", Rms),
        ("RMSNormalization", Rms), ("GroupNormalization", Group), ("MeanVarianceNormalization", MeanVariance), ("LRN", LocalResponse),
        ("LpNormalization", Lp), ("SkipLayerNormalization", SkipLayer),
    ];

    private static void Batch(ImportContext c)
    {
        if (c.Node.Int("training_mode", 0) != 0 || c.WantsOutput(1) || c.Node.Int("spatial", 1) == 0)
            throw ImportContext
                .Unsupported("The batch normalization is in training mode, or has its own statistics for each pixel.",
                "Call model.eval() before the export.");
        Tensor x = c.Input(0);
        float epsilon = c.Node.Float("epsilon", 1e-5f);
        float[] gamma = Values(1), beta = Values(2), mean = Values(3), variance = Values(4);
        int depth = x.Shape.Rank > 1 ? x.Shape[1] : 1;
        int[] lengths = [gamma.Length, beta.Length, mean.Length, variance.Length];
        if (lengths.Any(length => length != depth))
            throw ImportContext
                .Unsupported($"Scale, bias, mean and variance have {string.Join(", ", lengths)} numbers, but the input {x.Shape} has "
                    + $"{depth} channels.", "Check the exported model.");
        float[] factor = new float[gamma.Length], offset = new float[gamma.Length];
        for (int i = 0; i < factor.Length; i++)
        {
            double a = gamma[i] / Math.Sqrt((double)variance[i] + epsilon);
            factor[i] = (float)a;
            offset[i] = (float)(beta[i] - (a * mean[i]));
        }
        Shape channels = x.Shape.Rank == 1 ? [1] : [.. Enumerable.Range(0, x.Shape.Rank).Select(axis => axis == 1 ? factor.Length : 1)];
        Tensor y = c.Mul(x, c.Constant(TensorData.From<float>(channels, factor), "scale"));
        c.Output(0, c.Add(y, c.Constant(TensorData.From<float>(channels, offset), "offset")));

        float[] Values(int index) => c.Constant(c.Input(index), $"input {index}").ToFloatArray();
    }

    private static void Instance(ImportContext c)
    {
        Tensor x = c.ChannelsLast(c.Input(0));
        int[] axes = [.. Enumerable.Range(1, x.Shape.Rank - 2)];
        Tensor y = Normalize(c, x, axes, c.Node.Float("epsilon", 1e-5f));
        c.Output(0, c.ChannelsFirst(c.Add(c.Mul(y, c.Input(1)), c.Input(2))));
    }

    private static void Layer(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", -1));
        int[] axes = [.. Enumerable.Range(axis, x.Shape.Rank - axis)];
        Tensor mean = c.Reduce(ReduceKind.Mean, x, axes, true), centred = c.Sub(x, mean);
        Tensor inverse = InverseDeviation(c, centred, axes, c.Node.Float("epsilon", 1e-5f));
        c.Output(0, Scale(c, c.Mul(centred, inverse), 1, 2));
        c.Output(1, mean);
        c.Output(2, inverse);
    }

    private static void SkipLayer(ImportContext c)
    {
        Tensor sum = c.Add(c.Input(0), c.Input(1));
        if (c.TryInput(4) is { } bias)
            sum = c.Add(sum, bias);
        c.Output(3, sum);
        c.Output(0, Scale(c, Normalize(c, sum, [sum.Shape.Rank - 1], c.Node.Float("epsilon", 1e-12f)), 2, 3));
    }

    private static void Rms(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", -1));
        Tensor square = c.Reduce(ReduceKind.Mean, c.Mul(x, x), [.. Enumerable.Range(axis, x.Shape.Rank - axis)], true);
        Tensor y = c.Mul(x, c.Unary(UnaryKind.Rsqrt, c.Add(square, c.Scalar(c.Node.Float("epsilon", 1e-5f)))));
        c.Output(0, Scale(c, y, 1, int.MaxValue));
    }

    private static void Group(ImportContext c)
    {
        Tensor x = c.Input(0);
        int groups = c.Node.Int("num_groups", 1), channels = x.Shape[1];
        if (groups < 1 || channels % groups != 0)
            throw ImportContext.Unsupported($"{channels} channels do not divide into {groups} groups.", "Check the layer's arguments.");
        Shape rows = [x.Shape[0], groups, checked((int)(x.Shape.ElementCount / x.Shape[0] / groups))];
        Tensor y = c.Reshape(Normalize(c, c.Reshape(x, rows), [2], c.Node.Float("epsilon", 1e-5f)), x.Shape);
        Tensor scale = c.Input(1), bias = c.Input(2);
        if (scale.Shape[0] == groups && groups != channels) // operator set 18: one number for each group
        {
            scale = PerChannel(scale);
            bias = PerChannel(bias);
        }
        Shape perChannel = [.. Enumerable.Range(0, x.Shape.Rank).Select(axis => axis == 1 ? channels : 1)];
        c.Output(0, c.Add(c.Mul(y, c.Reshape(scale, perChannel)), c.Reshape(bias, perChannel)));

        Tensor PerChannel(Tensor t) =>
            c.Reshape(c.Emit(new BroadcastTo(), c.Reshape(t, [groups, 1]), c.Integers(groups, channels / groups)), [channels]);
    }

    private static void MeanVariance(ImportContext c) =>
        c.Output(0, Normalize(c, c.Input(0), c.Node.Ints("axes") ?? [0, 2, 3], 1e-9f));

    private static void LocalResponse(ImportContext c)
    {
        int size = c.Node.Int("size", 1);
        if (size % 2 == 0)
            throw ImportContext.Unsupported($"A window of {size} channels has no middle.", "Use an odd size.");
        c.Output(0, c.ChannelsFirst(c.Emit(new LocalResponseNormalization((size - 1) / 2, c.Node.Float("bias", 1),
            c.Node.Float("alpha", 1e-4f) / size, c.Node.Float("beta", 0.75f)), c.ChannelsLast(c.Input(0)))));
    }

    private static void Lp(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", -1)), p = c.Node.Int("p", 2);
        if (p != 2)
        {
            Tensor sum = c.Reduce(ReduceKind.Sum, c.Unary(UnaryKind.Abs, x), [axis], true);
            c.Output(0, c.Emit(new Binary(BinaryKind.Div), x, sum));
            return;
        }
        c.Output(0, OnLastAxis(c, x, axis, t => c.Emit(new L2Normalization(), t)));
    }

    /// <summary>Applies an operator of the last axis to another axis.</summary>
    public static Tensor OnLastAxis(ImportContext c, Tensor x, int axis, Func<Tensor, Tensor> apply)
    {
        int last = x.Shape.Rank - 1;
        if (axis == last)
            return apply(x);
        int[] forth = [.. Enumerable.Range(0, last + 1).Where(a => a != axis), axis];
        int[] back = [.. Enumerable.Range(0, last + 1).Select(a => Array.IndexOf(forth, a))];
        return c.Transpose(apply(c.Transpose(x, forth)), back);
    }

    private static Tensor Normalize(ImportContext c, Tensor x, int[] axes, float epsilon)
    {
        Tensor centred = c.Sub(x, c.Reduce(ReduceKind.Mean, x, axes, true));
        return c.Mul(centred, InverseDeviation(c, centred, axes, epsilon));
    }

    private static Tensor InverseDeviation(ImportContext c, Tensor centred, int[] axes, float epsilon)
    {
        Tensor variance = c.Reduce(ReduceKind.Mean, c.Mul(centred, centred), axes, true);
        return c.Unary(UnaryKind.Rsqrt, c.Add(variance, c.Scalar(epsilon)));
    }

    private static Tensor Scale(ImportContext c, Tensor x, int scale, int bias)
    {
        if (c.TryInput(scale) is { } s)
            x = c.Mul(x, s);
        return c.TryInput(bias) is { } b ? c.Add(x, b) : x;
    }
}
