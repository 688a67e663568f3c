using System.Runtime.CompilerServices;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>Multiplication by a fixed-point scale (npu-commands 6.1, npu-u85 4.2).</summary>
internal static class Scaling
{
    /// <summary>The place from which TensorFlow Lite's rounding is done in two steps, for all scaling to an output.</summary>
    public const int OutputThreshold = 31;

    private const long SmallEnough = 1L << 30;

    /// <summary>value × multiplier / 2^shift, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Apply(long value, FixedPointScale scale, NpuRounding rounding, int threshold = OutputThreshold)
    {
        if (value is < SmallEnough and > -SmallEnough)
        {
            long product = value * scale.Multiplier;
            return (product + Offset(value, scale.Shift, rounding, threshold)) >> scale.Shift;
        }
        return Wide(value, scale, rounding, threshold);
    }

    private static long Wide(long value, FixedPointScale scale, NpuRounding rounding, int threshold)
    {
        Int128 result = ((Int128)value * scale.Multiplier + Offset(value, scale.Shift, rounding, threshold)) >> scale.Shift;
        return result > long.MaxValue ? long.MaxValue : result < long.MinValue ? long.MinValue : (long)result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Offset(long value, int shift, NpuRounding rounding, int threshold)
    {
        long half = shift > 0 ? 1L << (shift - 1) : 0;
        if (rounding == NpuRounding.Natural)
            return half;
        if (rounding == NpuRounding.Truncate)
            return value >= 0 ? 0 : (1L << shift) - 1;
        if (rounding == NpuRounding.Symmetric)
            return value >= 0 || half == 0 ? half : half - 1;
        if (rounding == NpuRounding.Lower)
            return 0;
        long nudge = 1L << (threshold - 1);
        return shift <= threshold ? half : value >= 0 ? half + nudge : half - nudge;
    }
}
