namespace EthosU.Npu.Weights;

/// <summary>A real factor as <c>Multiplier / 2^Shift</c> (npu-weights, section 4.2).</summary>
/// <param name="Multiplier">At most 2^31 for 32-bit fields, 32767 for 16-bit fields.</param>
/// <param name="Shift">0 to 63; may be negative for factors that cannot be encoded.</param>
internal readonly record struct QuantizedScale(uint Multiplier, int Shift)
{
    /// <summary>Factor 1 without rounding.</summary>
    public static QuantizedScale One { get; } = new(1, 0);

    /// <summary>The closest 32-bit form of a factor; (0, 16) if it is out of range.</summary>
    public static QuantizedScale From(double scale)
    {
        if (!(scale >= 0) || double.IsInfinity(scale))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "a scale is a finite number that is not negative");
        (double fraction, int exponent) = Split(scale);
        uint multiplier = (uint)Math.Round(fraction * (1L << 31), MidpointRounding.AwayFromZero);
        int shift = 31 - exponent;
        return shift is < 0 or > 63 ? new(0, 16) : new(multiplier, shift);
    }

    /// <summary>The closest form of a factor with a multiplier of 15 bits.</summary>
    public static QuantizedScale FromReduced(double scale) => From(scale).Reduced();

    /// <summary>The closest form with a multiplier of 15 bits.</summary>
    public QuantizedScale Reduced() =>
        new(Multiplier < 32767u << 16 ? (Multiplier + 32768) >> 16 : 32767, Shift - 16);

    /// <summary>A positive number as fraction (0.5 up to but not 1) times a power of two; (0, 0) for 0.</summary>
    public static (double Fraction, int Exponent) Split(double value)
    {
        if (value == 0)
            return (0, 0);
        int exponent = Math.ILogB(value) + 1;
        return (Math.ScaleB(value, -exponent), exponent);
    }
}
