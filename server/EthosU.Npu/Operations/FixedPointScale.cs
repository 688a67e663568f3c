namespace EthosU.Npu.Operations;

/// <summary>Multiplication by Multiplier / 2^Shift.</summary>
/// <param name="Multiplier">Unsigned.</param>
/// <param name="Shift">0 to 63.</param>
public readonly record struct FixedPointScale(uint Multiplier, int Shift)
{
    /// <summary>Multiplication by 1.</summary>
    public static FixedPointScale One { get; } = new(1, 0);

    /// <summary>
    /// A real factor as a 32-bit multiplier of 2³⁰..2³¹ and a shift (npu-operators 3.1). Factors that no pair can express become
    /// the nearest one that can be.
    /// </summary>
    internal static FixedPointScale From(double factor)
    {
        if (!(factor > 0) || double.IsInfinity(factor))
            return new(0, 31);
        (long multiplier, int exponent) = Arithmetic.Multiplier.Split(factor);
        int shift = 31 - exponent;
        if (shift > 63)
        {
            multiplier = shift - 63 < 63 ? multiplier >> (shift - 63) : 0;
            shift = 63;
        }
        else if (shift < 0)
        {
            multiplier = -shift < 2 && multiplier << -shift <= uint.MaxValue
                ? multiplier << -shift
                : throw new ArgumentOutOfRangeException(nameof(factor), factor, "a scale of 2³² or more has no fixed-point form");
            shift = 0;
        }
        return new((uint)multiplier, shift);
    }

    /// <summary>A multiplier of the kernels, not negative.</summary>
    internal static FixedPointScale From(Arithmetic.Multiplier multiplier) => new((uint)multiplier.Value, 31 - multiplier.Shift);

    /// <summary>The same with a multiplier of 15 bits, for 40-bit sums (npu-operators 3.1).</summary>
    internal FixedPointScale Reduced()
    {
        // As the kernels form it: a factor that rounds up to a power of two is half of it once more.
        if (Multiplier == 1u << 31)
            return new FixedPointScale(1u << 30, Shift - 1).Reduced();
        return Shift >= 16
            ? new((uint)Arithmetic.Multiplier.Reduce(Multiplier), Shift - 16)
            : throw new InvalidOperationException("a scale of 2¹⁵ or more has no 16-bit form");
    }

    /// <summary>1 / <paramref name="count"/> in full precision (npu-operators 3.6).</summary>
    internal static FixedPointScale Mean(long count)
    {
        int k = count > 1 ? 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(count - 1)) : 0;
        UInt128 multiplier = ((UInt128.One << (31 + k)) + (UInt128.One << k)) / (UInt128)count;
        return new((uint)multiplier, 31 + k);
    }

    /// <summary>The next larger multiplier: with <see cref="NpuRounding.Natural"/> it rounds negative halves away from zero.</summary>
    internal FixedPointScale AwayFromZero() => this with { Multiplier = Multiplier + 1 };
}
