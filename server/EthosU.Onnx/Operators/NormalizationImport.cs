using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Normalizations.</summary>
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
            throw new UnsupportedOperatorException(
                "The batch normalization is in training mode, or has its own statistics for each pixel.",
                "Call model.eval() before the export.");
        Tensor x = c.Input(0);
        float epsilon = c.Node.Float("epsilon", 1e-5f);
        c.Output(0, Normalization.Batch(c, x, new(Values(1), Values(2), Values(3), Values(4), epsilon)));

        float[] Values(int index) => c.Constant(c.Input(index), $"input {index}").ToFloatArray();
    }

    private static void Instance(ImportContext c)
    {
        Tensor x = c.Input(0);
        float epsilon = c.Node.Float("epsilon", 1e-5f);
        c.Output(0, Normalization.Instance(c, x, c.Input(1), c.Input(2), epsilon));
    }

    private static void Layer(ImportContext c)
    {
        Tensor x = c.Input(0);
        (Tensor result, Tensor mean, Tensor inverse) = Normalization.Layer(c, x, x.Shape.NormalizeAxis(c.Node.Int("axis", -1)),
            c.TryInput(1), c.TryInput(2), c.Node.Float("epsilon", 1e-5f));
        c.Output(0, result);
        c.Output(1, mean);
        c.Output(2, inverse);
    }

    private static void SkipLayer(ImportContext c)
    {
        Tensor sum = c.Add(c.Input(0), c.Input(1));
        if (c.TryInput(4) is { } bias)
            sum = c.Add(sum, bias);
        c.Output(3, sum);
        Tensor y = Normalization.OverAxes(c, sum, [sum.Shape.Rank - 1], c.Node.Float("epsilon", 1e-12f));
        c.Output(0, Normalization.Scaled(c, y, c.TryInput(2), c.TryInput(3)));
    }

    private static void Rms(ImportContext c)
    {
        Tensor x = c.Input(0);
        c.Output(0, Normalization.RootMeanSquare(c, x, x.Shape.NormalizeAxis(c.Node.Int("axis", -1)), c.TryInput(1),
            c.Node.Float("epsilon", 1e-5f)));
    }

    /// <summary>Operator set 18 has a factor for each group, later ones for each channel.</summary>
    private static void Group(ImportContext c) => c.Output(0,
        Normalization.Group(c, c.Input(0), c.Node.Int("num_groups", 1), c.Input(1), c.Input(2), c.Node.Float("epsilon", 1e-5f)));

    private static void MeanVariance(ImportContext c) =>
        c.Output(0, Normalization.OverAxes(c, c.Input(0), c.Node.Ints("axes") ?? [0, 2, 3], 1e-9f));

    private static void LocalResponse(ImportContext c) => c.Output(0, Normalization.LocalResponse(c, c.Input(0), c.Node.Int("size", 1),
        c.Node.Float("bias", 1), c.Node.Float("alpha", 1e-4f), c.Node.Float("beta", 0.75f)));

    private static void Lp(ImportContext c)
    {
        Tensor x = c.Input(0);
        c.Output(0, Normalization.ByNorm(c, x, x.Shape.NormalizeAxis(c.Node.Int("axis", -1)), c.Node.Int("p", 2) == 2));
    }
}
