
namespace EthosU.Npu.Operations;

/// <summary>
/// Filter, biases and scales of a convolution, zero point already subtracted. Identity is the reference: operations that share it share
/// one encoded stream.
/// </summary>
/// <param name="filter">Weights of <c>[output channel, row, column, input channel]</c>; one input channel for depthwise operations.</param>
/// <param name="outputDepth">Output channels.</param>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
/// <param name="inputDepth">Input channels.</param>
/// <param name="biases">One for each output channel.</param>
/// <param name="scales">One for each output channel.</param>
internal sealed class NpuWeights(short[] filter, int outputDepth, int height, int width, int inputDepth, long[] biases,
    FixedPointScale[] scales)
{
    public short[] Filter { get; } = filter;

    public int OutputDepth { get; } = outputDepth;

    public int Height { get; } = height;

    public int Width { get; } = width;

    public int InputDepth { get; } = inputDepth;

    public long[] Biases { get; } = biases;

    public FixedPointScale[] Scales { get; } = scales;

    /// <summary>All filters the same number, no biases, one scale: sums and copies by convolution.</summary>
    public static NpuWeights Uniform(short value, int outputDepth, int height, int width, int inputDepth, FixedPointScale scale,
        long bias = 0)
    {
        var filter = new short[outputDepth * height * width * inputDepth];
        Array.Fill(filter, value);
        var biases = new long[outputDepth];
        Array.Fill(biases, bias);
        var scales = new FixedPointScale[outputDepth];
        Array.Fill(scales, scale);
        return new(filter, outputDepth, height, width, inputDepth, biases, scales);
    }
}
