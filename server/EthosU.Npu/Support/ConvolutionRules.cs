using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Indices;

namespace EthosU.Npu.Support;

/// <summary>Rules on convolutions and linear layers (npu-operators 1.4 to 1.7).</summary>
internal static class ConvolutionRules
{
    private const int MaxKernelHeight = DilationForm.MaxHeight, MaxKernelArea = DilationForm.MaxArea, MaxStride = 3, MostPhases = 1024;
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
        new("npu-tconv-stride", TransposedStride, "Use a smaller stride, and several layers."),
        new("npu-tconv-size", TransposedSize, "Export the model again: padding and output_padding do not suit its sizes."),
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
        (Conv2D c, { Rank: 4 } w) => KernelSize(node, w, c.Padding, c.StrideHeight, c.StrideWidth, c.DilationHeight, c.DilationWidth,
            DilationForm.CyclesOfTap(w[3], w[0])),
        (DepthwiseConv2D c, { Rank: 4 } w) => KernelSize(node, w, c.Padding, c.StrideHeight, c.StrideWidth, c.DilationHeight,
            c.DilationWidth, DilationForm.CyclesOfTap(w[3])),
        (TransposeConv { StrideHeight: > 0, StrideWidth: > 0 } c, { Rank: 4 } w) when HasFourAxes(node) => IsDoubled(node, c) ? (w[1], w[2])
            : (TransposedAxis.Of(node, c, 1).MostTaps, TransposedAxis.Of(node, c, 2).MostTaps),
        _ => null,
    };

    /// <summary>The kernel that the hardware sees: less the taps that meet padding alone, and without what phases leave out.</summary>
    private static (int H, int W) KernelSize(Node node, Shape kernel, Padding padding, int strideY, int strideX, int dilationY,
        int dilationX, double cyclesOfTap)
    {
        int height = Extent(kernel[1], dilationY), width = Extent(kernel[2], dilationX);
        if ((height <= DilationForm.MaxHeight && (long)height * width <= DilationForm.MaxArea) || node.Input(0).Shape.Rank != 4
            || node.Output.Shape.Rank != 4 || Math.Min(strideY, strideX) < 1 || Math.Min(dilationY, dilationX) < 1
            || Math.Max(height, width) == int.MaxValue)
            return (height, width);
        WindowAxis rows = WindowAxis.Of(node, 1, padding, strideY, dilationY),
            columns = WindowAxis.Of(node, 2, padding, strideX, dilationX);
        (int down, int across) = DilationForm.Choose(rows, columns, cyclesOfTap);
        return (rows.Span(down), columns.Span(across));
    }

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

    /// <summary>True for strides of 1 and 2 whose result is as long as the hardware makes it: it puts zeros between the elements.</summary>
    public static bool IsDoubled(Node node, TransposeConv op)
    {
        Shape ifm = node.Input(2).Shape, kernel = node.Input(1).Shape;
        bool fits = (op.StrideHeight, op.StrideWidth) switch
        {
            (1, 1) or (2, 2) => true,
            (1, 2) => ifm[1] == 1 && kernel[1] == 1,
            (2, 1) => ifm[2] == 1 && kernel[2] == 1,
            _ => false,
        };
        return fits && TransposedAxis.Of(node, op, 1).IsWhole(op.Padding) && TransposedAxis.Of(node, op, 2).IsWhole(op.Padding);
    }

    private static bool HasFourAxes(Node node) =>
        node.Input(1).Shape.Rank == 4 && node.Input(2).Shape.Rank == 4 && node.Output.Shape.Rank == 4;

    private static string? TransposedStride(Node node) =>
        node.Operator is TransposeConv { StrideHeight: var y, StrideWidth: var x } && (y < 1 || x < 1 || (long)y * x > MostPhases)
        ? $"The transposed convolution has the stride {y} x {x}, which takes an operation for each of as many phases." : null;

    private static string? TransposedSize(Node node)
    {
        if (node.Operator is not TransposeConv c)
            return null;
        if (!HasFourAxes(node))
            return "The transposed convolution is not of four axes.";
        Shape ifm = node.Input(2).Shape, kernel = node.Input(1).Shape, ofm = node.Output.Shape;
        // The kernel takes the input for the windows of the result; other sizes contradict each other.
        bool Fits(int axis, int stride) => stride > 0 && ifm[axis]
            == WindowGeometry.OutputSize(c.Padding, ofm[axis], kernel[axis], stride, 1);
        return Fits(1, c.StrideHeight) && Fits(2, c.StrideWidth) ? null
            : $"The output of this transposed convolution is {ofm[1]} x {ofm[2]}, which its input {ifm[1]} x {ifm[2]} does not suit.";
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
