using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Sums of the absolute weights of each output channel: no sum of products is larger than these times the largest input.</summary>
internal static class ChannelSums
{
    /// <summary>Bounds that cost nothing: as many weights as there are, each the largest.</summary>
    public static long[] Bounds(Tensor weights, int axis)
    {
        int channels = weights.Shape[axis];
        var sums = new long[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            long zeroPoint = ZeroPoint(weights, channel);
            (int min, int max) = weights.Type.IntegerRange();
            sums[channel] = weights.Shape.ElementCount / channels * Math.Max(Math.Abs(min - zeroPoint), Math.Abs(max - zeroPoint));
        }
        return sums;
    }

    /// <summary>The sums.</summary>
    /// <param name="weights">A constant of 8-bit elements.</param>
    /// <param name="axis">The axis of the output channels: the first or the last.</param>
    public static long[] Exact(Tensor weights, int axis)
    {
        int channels = weights.Shape[axis];
        var sums = new long[channels];
        ReadOnlySpan<byte> raw = weights.Data!.Bytes.Span;
        int perChannel = raw.Length / channels;
        for (int i = 0; i < raw.Length; i++)
        {
            int channel = axis == 0 ? i / perChannel : i % channels;
            sums[channel] += Math.Abs((weights.Type == ElementType.Int8 ? (sbyte)raw[i] : raw[i]) - ZeroPoint(weights, channel));
        }
        return sums;
    }

    private static long ZeroPoint(Tensor weights, int channel) =>
        weights.Quantization is { } quantization ? quantization.ZeroPoints[quantization.ZeroPoints.Length == 1 ? 0 : channel] : 0;
}
