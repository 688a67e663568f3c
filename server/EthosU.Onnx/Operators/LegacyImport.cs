using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Operators of the first operator sets that later ones dropped.</summary>
internal static class LegacyImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Affine", c => c.Output(0, c.Add(c.Mul(c.Input(0), c.Scalar(c.Node.Float("alpha", 1))), c.Scalar(c.Node.Float("beta", 0))))),
        ("Scale", c => c.Output(0, c.Mul(c.Input(0), c.Scalar(c.Node.Float("scale", 1))))),
        ("ScaledTanh", c => c
            .Output(0, c.Mul(c.Unary(UnaryKind.Tanh, c.Mul(c.Input(0), c.Scalar(c.Node.Float("beta", 1)))),
            c.Scalar(c.Node.Float("alpha", 1))))),
        ("ParametricSoftplus",
            c => c.Output(0,
                c.Mul(Activations.Softplus(c, c.Mul(c.Input(0), c.Scalar(c.Node.Float("beta", 1)))),
                    c.Scalar(c.Node.Float("alpha", 1))))),
        ("ImageScaler", ScaleImage), ("Crop", Crop),
    ];

    /// <summary>All values of an image times a number, plus one for each channel.</summary>
    private static void ScaleImage(ImportContext c)
    {
        Tensor y = c.Mul(c.Input(0), c.Scalar(c.Node.Float("scale", 1)));
        float[] bias = c.Node.Floats("bias") ?? [];
        c.Output(0, bias.Length == 0 ? y : c.Add(y, c.Constant(TensorData.From<float>([1, bias.Length, 1, 1], bias), "bias")));
    }

    /// <summary>Cuts an image's border: left, top, right and bottom; or a part of a given height and width behind left and top.</summary>
    private static void Crop(ImportContext c)
    {
        Tensor x = c.Input(0);
        if (x.Shape.Rank != 4 || c.Node.Ints("border") is not { Length: 4 } border)
            throw new UnsupportedOperatorException(
                $"A crop of {x.Shape} is not possible without four borders.", "Check the exported model.");
        int[]? size = c.Node.Ints("scale", 2);
        int height = size?[0] ?? x.Shape[2] - border[1] - border[3], width = size?[1] ?? x.Shape[3] - border[0] - border[2];
        c.Output(0, c.Slice(x, [0, 0, border[1], border[0]], [x.Shape[0], x.Shape[1], height, width]));
    }
}
