using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Conv and ConvTranspose.</summary>
internal static class ConvolutionImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Conv", c => c.Output(0, Convolve(c, c.Input(0), c.Input(1), c.TryInput(2)))), ("FusedConv", FusedConvolution),
        ("ConvTranspose", Transposed),
    ];

    private static void FusedConvolution(ImportContext c)
    {
        string activation = c.Node.Text("activation", "");
        if (activation is not ("" or "Relu"))
            throw new UnsupportedOperatorException($"The fused activation {activation} is not known.",
                "Give the model as PyTorch exported it, not as ONNX Runtime optimized it.");
        Tensor y = Convolve(c, c.Input(0), c.Input(1), c.TryInput(2));
        c.Output(0, activation == "Relu" ? c.Unary(UnaryKind.Relu, y) : y);
    }

    /// <summary>A convolution with the node's attributes.</summary>
    public static Tensor Convolve(ImportContext c, Tensor x, Tensor w, Tensor? bias) =>
        Convolution.Of(c, x, w, bias, c.Node.Int("group", 1), WindowAttributes.Read(c, Convolution.SpatialAxes(x, w)));

    private static void Transposed(ImportContext c)
    {
        Tensor x = c.Input(0), w = c.Input(1);
        int spatial = TransposedConvolution.SpatialAxes(x, w);
        c.Output(0, TransposedConvolution.Of(c, x, w, c.TryInput(2), c.Node.Int("group", 1), new(WindowAttributes.Read(c, spatial))
        {
            OutputPadding = c.Node.Ints("output_padding", spatial),
            OutputSize = c.Node.Ints("output_shape") is { } whole && whole.Length == spatial + 2 ? whole[2..]
                : c.Node.Ints("output_shape", spatial),
        }));
    }
}
