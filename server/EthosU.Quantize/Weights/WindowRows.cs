using EthosU.Graphs;

namespace EthosU.Quantize.Weights;

/// <summary>
/// Reads the operands that a weighted operator multiplies with the weights of a unit, for chosen positions of its result. They stand
/// channel by channel, all taps of a filter behind each other, so that what is alike stands together.
/// </summary>
internal sealed class WindowRows
{
    private const int Jitters = 1024, Golden = 633; // of 1024: samples look at different positions, evenly spread

    private const int MostTaps = 256;

    private readonly int rows, channels, height, width, resultHeight, resultWidth, kernelHeight, kernelWidth;
    private readonly int strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, top, left;

    private WindowRows(Node node)
    {
        Shape x = node.Input(0).Shape, weights = node.Input(1).Shape;
        Tensor = node.Input(0);
        if (node.Operator is FullyConnected)
        {
            channels = weights[1];
            (height, width, resultHeight, resultWidth, kernelHeight, kernelWidth) = (1, 1, 1, 1, 1, 1);
            rows = (int)(x.ElementCount / channels);
            return;
        }
        (rows, height, width, channels) = (x[0], x[1], x[2], x[3]);
        (resultHeight, resultWidth) = (node.Output.Shape[1], node.Output.Shape[2]);
        (kernelHeight, kernelWidth) = (weights[1], weights[2]);
        (Padding padding, strideHeight, strideWidth, dilationHeight, dilationWidth) = node.Operator switch
        {
            Conv2D op => (op.Padding, op.StrideHeight, op.StrideWidth, op.DilationHeight, op.DilationWidth),
            DepthwiseConv2D op => (op.Padding, op.StrideHeight, op.StrideWidth, op.DilationHeight, op.DilationWidth),
            _ => throw new ArgumentException($"{node.Operator.Name} has no windows", nameof(node)),
        };
        top = padding == Padding.Same ? Before(height, resultHeight, strideHeight, kernelHeight, dilationHeight) : 0;
        left = padding == Padding.Same ? Before(width, resultWidth, strideWidth, kernelWidth, dilationWidth) : 0;
    }

    /// <summary>What is read.</summary>
    public Tensor Tensor { get; }

    /// <summary>Taps of a filter.</summary>
    public int Taps => kernelHeight * kernelWidth;

    /// <summary>Channels of the operand.</summary>
    public int Channels => channels;

    /// <summary>Number of positions in a sample.</summary>
    public long Positions => (long)rows * resultHeight * resultWidth;

    /// <summary>Two operators with the same key read the same rows.</summary>
    public (Tensor, int, int, int, int, int, int, int, int) Key => (Tensor, kernelHeight, kernelWidth, strideHeight, strideWidth,
        dilationHeight, dilationWidth, top, left);

    /// <summary>The rows of an operator; null for one whose weights are not rounded by what they are multiplied with.</summary>
    public static WindowRows? Of(Node node) => node.Operator is Conv2D or DepthwiseConv2D or FullyConnected
        && node.Input(0) is { Type: ElementType.Float32, IsConstant: false } && node.Input(1) is { IsConstant: true, Quantization: null }
        && (node.Operator is FullyConnected || node.Input(1).Shape[1] * (long)node.Input(1).Shape[2] <= MostTaps)
        ? new(node) : null;

    /// <summary>Reads a row: <c>[channel × taps + tap]</c>; 0 beyond the border.</summary>
    /// <param name="values">The operand's values.</param>
    /// <param name="sample">Which sample it is: each looks at other positions.</param>
    /// <param name="index">Which of the rows.</param>
    /// <param name="count">How many are read of this sample, at most <see cref="Positions"/>.</param>
    /// <param name="row">Where to.</param>
    public void Read(ReadOnlySpan<float> values, int sample, int index, int count, Span<float> row)
    {
        long position = (long)((((Int128)index * Jitters) + ((long)sample * Golden % Jitters)) * Positions / ((Int128)count * Jitters));
        int column = (int)(position % resultWidth), line = (int)(position / resultWidth % resultHeight);
        long batch = position / ((long)resultWidth * resultHeight);
        int taps = Taps;
        for (int tap = 0; tap < taps; tap++)
        {
            int y = (line * strideHeight) - top + (tap / kernelWidth * dilationHeight);
            int x = (column * strideWidth) - left + (tap % kernelWidth * dilationWidth);
            bool inside = (uint)y < (uint)height && (uint)x < (uint)width;
            ReadOnlySpan<float> pixel = inside
                ? values.Slice((int)((((batch * height) + y) * width) + x) * channels, channels) : default;
            for (int channel = 0; channel < channels; channel++)
                row[(channel * taps) + tap] = inside ? pixel[channel] : 0;
        }
    }

    private static int Before(int size, int result, int stride, int kernel, int dilation) =>
        Math.Max(0, ((result - 1) * stride) + ((kernel - 1) * dilation) + 1 - size) / 2;
}
