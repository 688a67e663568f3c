using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Conv (tflite-kernels 4.2 and 4.3).</summary>
internal static class ConvolutionImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
        [("Conv", Convolution), ("FusedConv", FusedConvolution)];

    private static void FusedConvolution(ImportContext c)
    {
        string activation = c.Node.Text("activation", "");
        if (activation is not ("" or "Relu"))
            throw ImportContext
                .Unsupported($"The fused activation {activation} is not known.",
                "Give the model as PyTorch exported it, not as ONNX Runtime optimized it.");
        Convolution(c);
        if (activation == "Relu")
            c.Output(0, c.Unary(UnaryKind.Relu, c.Lookup(c.Node.Proto.Output[0])!));
    }

    private static void Convolution(ImportContext c) => c.Output(0, Convolve(c, c.Input(0), c.Input(1), c.TryInput(2)));

    /// <summary>A convolution with the node's attributes.</summary>
    public static Tensor Convolve(ImportContext c, Tensor x, Tensor w, Tensor? bias)
    {
        int rank = x.Shape.Rank, spatial = rank - 2;
        if (spatial is < 1 or > 2 || w.Shape.Rank != rank)
            throw ImportContext
                .Unsupported($"A convolution over {spatial} axes cannot be expressed.",
                "Only Conv1d and Conv2d are possible on microcontrollers; use them instead of Conv3d.");
        int groups = c.Node.Int("group", 1);
        if (groups < 1 || w.Shape[0] % groups != 0 || x.Shape[1] != (long)w.Shape[1] * groups)
            throw ImportContext
                .Unsupported($"Weights {w.Shape} with {groups} groups do not suit the input {x.Shape}.", "Check the exported model.");
        Window.RequireKernel(c, w);
        Window.RequireBias(bias, w.Shape[0]);
        if (spatial == 1)
            (x, w) = (Lifted(c, x), Lifted(c, w));
        Window window = Window.Read(c, [w.Shape[2], w.Shape[3]], x.Shape, spatial == 1);
        (Tensor image, Padding padding) = window.Pad(c, c.ChannelsLast(x));
        bias ??= c.Constant(TensorData.From<float>([w.Shape[0]], new float[c.Listed(w.Shape[0])]), "bias");
        bool depthwise = groups == x.Shape[1] && groups > 1;
        Tensor y = depthwise
            ? c.Emit(new DepthwiseConv2D(padding, window.StrideHeight, window.StrideWidth, window.DilationHeight, window.DilationWidth,
            w.Shape[0] / groups),
                image, c.Transpose(w, 1, 2, 3, 0), bias)
            : c.Emit(new Conv2D(padding, window.StrideHeight, window.StrideWidth, window.DilationHeight, window.DilationWidth),
                image, c.Transpose(w, 0, 2, 3, 1), bias);
        y = c.ChannelsFirst(y);
        return spatial == 1 ? Lowered(c, y) : y;
    }

    /// <summary>[N, C, L] as [N, C, 1, L].</summary>
    public static Tensor Lifted(ImportContext c, Tensor x) => c.Reshape(x, [x.Shape[0], x.Shape[1], 1, x.Shape[2]]);

    /// <summary>The inverse of <see cref="Lifted"/>.</summary>
    public static Tensor Lowered(ImportContext c, Tensor x) => c.Reshape(x, [x.Shape[0], x.Shape[1], x.Shape[3]]);
}
