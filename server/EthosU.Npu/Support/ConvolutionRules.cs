using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Rules on convolutions and linear layers (npu-operators 1.4 to 1.7).</summary>
internal static class ConvolutionRules
{
    private const int MaxKernelHeight = 64, MaxKernelArea = 64 * 64, MaxStride = 3;
    private const long MaxWeightSum = 127L * 65536, MaxBias = (1L << 39) - 1;

    private static readonly ImmutableArray<SupportRule> Kernel =
    [
        new("npu-conv-kernel-height",
            n => KernelSize(n) is { H: > MaxKernelHeight } k
                ? $"The kernel is {k.H} rows high (with dilation); the NPU does {MaxKernelHeight}." : null,
            "Use a smaller kernel or dilation, or two layers."),
        new("npu-conv-kernel-area",
            n => KernelSize(n) is { } k && (long)k.H * k.W > MaxKernelArea
                ? $"The kernel covers {k.H} x {k.W} elements (with dilation); the NPU does {MaxKernelArea}." : null,
            "Use a smaller kernel or dilation, or two layers."),
    ];

    private static readonly ImmutableArray<SupportRule> Weights =
    [
        new("npu-conv-weight-type",
            n => Operands.Weights(n) is { } w && w.Type is not (ElementType.Int8 or ElementType.UInt8)
                ? $"The weights '{w.Name}' are {w.Type.DisplayName()}; the NPU reads 8-bit weights." : null,
            "Quantize weights to int8; 8-bit weights with 16-bit activations are fine."),
        new("npu-conv-weight-sum", WeightSum, "Split the input channels over two convolutions and add the results."),
        new("npu-conv-bias-type",
            n => Operands.Bias(n) is { } b && b.Type is not (ElementType.Int32 or ElementType.Int64)
                ? $"The bias '{b.Name}' is {b.Type.DisplayName()}." : null,
            "Quantize the model again: biases are int32, or int64 for 16-bit activations."),
        new("npu-conv-bias-const",
            n => Operands.Bias(n) is { IsConstant: false } b ? $"The bias '{b.Name}' is computed at run time." : null,
            "Make the bias a parameter of the layer, or add it by a separate addition."),
        new("npu-conv-bias-range", BiasRange,
            "The weights' scale is too small for the bias: rescale the layer, or fold the bias into the next one."),
    ];

    private static readonly SupportRule ConstantWeights = new("npu-conv-weight-const",
        n => Operands.Weights(n) is { IsConstant: false } w ? $"The weights '{w.Name}' are computed at run time." : null,
        "Do not compute filters in the graph; export the model in evaluation mode with frozen weights.");

    /// <summary>CONV_2D.</summary>
    public static ImmutableArray<SupportRule> Convolution { get; } =
    [
        new("npu-conv-stride", ConvolutionStride, "Use a stride of at most 3, no padding, or two strided layers."),
        .. Kernel, ConstantWeights, .. Weights,
    ];

    /// <summary>DEPTHWISE_CONV_2D.</summary>
    public static ImmutableArray<SupportRule> Depthwise { get; } =
    [
        new("npu-dw-stride",
            n => n.Operator is DepthwiseConv2D c && Math.Max(c.StrideHeight, c.StrideWidth) > MaxStride
                ? $"The stride of this depthwise convolution is {c.StrideHeight} x {c.StrideWidth}; the NPU does up to {MaxStride}." : null,
            "Use a stride of at most 3; a larger one can be two layers."),
        .. Kernel, ConstantWeights, .. Weights,
    ];

    /// <summary>TRANSPOSE_CONV.</summary>
    public static ImmutableArray<SupportRule> Transposed { get; } =
    [
        new("npu-tconv-stride", TransposedStride, "Use stride 2; for 4 use two layers, for 3 use Upsample and Conv2d."),
        new("npu-tconv-size", TransposedSize,
            "Choose padding and output_padding such that the size exactly doubles (kernel 4, padding 1; kernel 2, padding 0), or use no "
                + "padding and crop afterwards."),
        .. Kernel, ConstantWeights, .. Weights,
    ];

    /// <summary>FULLY_CONNECTED.</summary>
    public static ImmutableArray<SupportRule> Linear { get; } =
    [
        new("npu-fc-dynamic", DynamicWeights, "Use constant weights, or int8 for both operands of the product."),
        new("npu-fc-format",
            n => n.Operator is FullyConnected { ShuffledWeights: true } ? "The weights are in TensorFlow Lite's shuffled format." : null,
            "Convert the model again without shuffled weights."),
        .. Weights,
    ];

    private static (int H, int W)? KernelSize(Node node) => (node.Operator, node.Input(1).Shape) switch
    {
        (Conv2D c, { Rank: 4 } w) => (Extent(w[1], c.DilationHeight), Extent(w[2], c.DilationWidth)),
        (DepthwiseConv2D c, { Rank: 4 } w) => (Extent(w[1], c.DilationHeight), Extent(w[2], c.DilationWidth)),
        (TransposeConv, { Rank: 4 } w) => (w[1], w[2]),
        _ => null,
    };

    private static int Extent(int size, int dilation) => (int)Math.Min(int.MaxValue, (size - 1L) * dilation + 1);

    private static string? ConvolutionStride(Node node)
    {
        if (node.Operator is not Conv2D c || (c.StrideHeight <= MaxStride && c.StrideWidth <= MaxStride))
            return null;
        Shape ifm = node.Input(0).Shape, kernel = node.Input(1).Shape;
        // SAME does not always pad.
        bool isPadded = c.Padding == Padding.Same
            && ((node.Output.Shape[1] - 1L) * c.StrideHeight + kernel[1] > ifm[1]
            || (node.Output.Shape[2] - 1L) * c.StrideWidth + kernel[2] > ifm[2]);
        bool unrollable = !isPadded && c.DilationHeight == 1 && c.DilationWidth == 1;
        bool rowsFit = c.StrideHeight <= MaxStride || node.Output.Shape[1] == 1,
            columnsFit = c.StrideWidth <= MaxStride || node.Output.Shape[2] == 1;
        return unrollable || (rowsFit && columnsFit) ? null
            : $"The stride is {c.StrideHeight} x {c.StrideWidth} with padding or dilation; the NPU does up to {MaxStride}.";
    }

    private static string? TransposedStride(Node node)
    {
        if (node.Operator is not TransposeConv c)
            return null;
        Shape ifm = node.Input(2).Shape, kernel = node.Input(1).Shape;
        bool fits = (c.StrideHeight, c.StrideWidth) switch
        {
            (1, 1) or (2, 2) => true,
            (1, 2) => ifm[1] == 1 && kernel[1] == 1,
            (2, 1) => ifm[2] == 1 && kernel[2] == 1,
            _ => false,
        };
        return fits ? null : $"The transposed convolution has the stride {c.StrideHeight} x {c.StrideWidth}; the NPU does 1 and 2.";
    }

    private static string? TransposedSize(Node node)
    {
        if (node.Operator is not TransposeConv c)
            return null;
        Shape ifm = node.Input(2).Shape, kernel = node.Input(1).Shape, ofm = node.Output.Shape;
        long Expected(int size, int stride, int taps) => (long)size * stride + (c.Padding == Padding.Same ? 0 : Math.Max(taps - stride, 0));
        long height = Expected(ifm[1], c.StrideHeight, kernel[1]), width = Expected(ifm[2], c.StrideWidth, kernel[2]);
        return height == ofm[1] && width == ofm[2] ? null
            : $"The output of this transposed convolution is {ofm[1]} x {ofm[2]}; the NPU gives {height} x {width}.";
    }

    private static string? DynamicWeights(Node node)
    {
        if (Operands.Weights(node) is not { IsConstant: false } weights)
            return null;
        bool fits = node.Input(0).Type == ElementType.Int8 && weights.Type == ElementType.Int8 && node.TryInput(2) is null;
        return fits ? null : $"The weights '{weights.Name}' are computed at run time, and the product is not int8 without bias.";
    }

    private static string? WeightSum(Node node)
    {
        if (Operands.Weights(node) is not { Data: { } data, Shape: { Rank: >= 2 } shape } weights
            || weights.Type is not (ElementType.Int8 or ElementType.UInt8))
            return null;
        int channelAxis = node.Operator is DepthwiseConv2D ? shape.Rank - 1 : 0;
        int channels = shape[channelAxis];
        // No sum can exceed 255 times the weights of a channel.
        if (channels == 0 || data.Count / channels * 255L <= MaxWeightSum)
            return null;
        long[] sums = ChannelSums.Exact(weights, channelAxis);
        int worst = Array.IndexOf(sums, sums.Max());
        return sums[worst] <= MaxWeightSum ? null
            : $"The weights of output channel {worst} add up to {sums[worst]}; accumulators of 32 bits hold {MaxWeightSum}.";
    }

    private static string? BiasRange(Node node)
    {
        if (Operands.Bias(node) is not { Type: ElementType.Int64, Data: { } data })
            return null;
        ReadOnlySpan<long> values = data.AsSpan<long>();
        for (int c = 0; c < values.Length; c++)
            if (values[c] is < -MaxBias or > MaxBias)
                return $"The bias of channel {c} is {values[c]}, beyond 40 bits.";
        return null;
    }
}
