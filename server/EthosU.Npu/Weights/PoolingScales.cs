using System.Numerics;

namespace EthosU.Npu.Weights;

/// <summary>Output scales of pooling operations (npu-weights, section 4.4).</summary>
internal static class PoolingScales
{
    /// <summary>Steps of 1/4096 over the range of the hardware's sigmoid and tanh, times 3.</summary>
    private const double FunctionScale = 3 * 4096;

    /// <summary>The factor 1/n for the mean of n elements, with some bits of the multiplier kept free.</summary>
    /// <param name="count">n, at least 1.</param>
    /// <param name="reservedBits">Bits kept free; negative to use more than 31.</param>
    public static (Int128 Multiplier, int Shift) Reciprocal(int count, int reservedBits)
    {
        int k = BitLength((uint)(count - 1)), bits = 31 - reservedBits;
        return (((Int128.One << (bits + k)) + (Int128.One << k)) / count, bits + k);
    }

    /// <summary>Average over a kernel, with a change of scale if the two differ.</summary>
    /// <param name="count">Elements of the kernel.</param>
    /// <param name="input">Scale of the input.</param>
    /// <param name="output">Scale of the output.</param>
    public static QuantizedScale Average(int count, float input, float output)
    {
        double ratio = (float)(input / output);
        int reserved = 0;
        if (count == 1 && ratio > 1)
            reserved = BitLength((ulong)Math.Ceiling(ratio)) + 1;
        else if (count == 1 && ratio < 1)
            reserved = -(BitLength((ulong)Math.Ceiling(1 / ratio)) - 1);
        (Int128 multiplier, int shift) = Reciprocal(count, reserved);
        double product = (double)multiplier * ratio;
        // The reference lets the product of a larger kernel and a ratio above 2 wrap around; this keeps its value.
        for (; product > uint.MaxValue; shift--)
            product /= 2;
        return new((uint)Math.Round(product, MidpointRounding.AwayFromZero), shift);
    }

    /// <summary>A copy from one scale to another (a fused QUANTIZE).</summary>
    public static QuantizedScale Requantize(float input, float output) => QuantizedScale.From((double)input / output);

    /// <summary>Scale before the hardware's sigmoid or tanh for int16 inputs.</summary>
    /// <param name="input">Scale of the input.</param>
    /// <param name="tanh">True for tanh, false for sigmoid.</param>
    public static QuantizedScale Function16(float input, bool tanh)
    {
        double log = Math.Log2(input), nearest = Math.Round(log, MidpointRounding.ToEven);
        int power = (int)nearest + 12;
        if (Math.Abs(log - nearest) < 0.001 && (power == 0 || (tanh && power == 1)))
            return new(3u << power, 0);
        double scaled = FunctionScale * input;
        int shift = 0;
        for (; scaled <= 16383.5 && shift <= 30; shift++)
            scaled *= 2;
        return new((uint)scaled, shift);
    }

    /// <summary>Scale before the hardware's sigmoid or tanh for 8-bit inputs.</summary>
    /// <param name="count">Elements of the kernel.</param>
    /// <param name="input">Scale of the input.</param>
    public static QuantizedScale Function8(int count, float input)
    {
        double scaled = FunctionScale * input;
        (Int128 multiplier, int shift) = Reciprocal(count, BitLength((ulong)Math.Ceiling(scaled)) + 1);
        return new(checked((uint)Math.Round((double)multiplier * scaled, MidpointRounding.AwayFromZero)), shift);
    }

    private static int BitLength(ulong value) => 64 - BitOperations.LeadingZeroCount(value);
}
