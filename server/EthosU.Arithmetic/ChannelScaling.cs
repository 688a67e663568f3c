namespace EthosU.Arithmetic;

/// <summary>
/// How the sums of a convolution or matrix product become stored results, channel by channel (tflite-kernels 2.3 and 2.4).
/// </summary>
public sealed class ChannelScaling
{
    /// <summary>Sets all.</summary>
    /// <param name="multipliers">By channel.</param>
    /// <param name="bias">By channel.</param>
    /// <param name="wide">Whether sums have 64 bits.</param>
    /// <param name="zero">The results' zero point.</param>
    /// <param name="low">The lowest result.</param>
    /// <param name="high">The highest result.</param>
    /// <exception cref="FactorException">A multiplier is too large for 64-bit sums.</exception>
    public ChannelScaling(Multiplier[] multipliers, long[] bias, bool wide, int zero, int low, int high)
    {
        if (wide && Array.Exists(multipliers, static m => m.Shift >= 8))
            throw new FactorException("The quotient of its scales is too large for 64-bit sums.");
        (Multipliers, Bias, IsWide, Zero, Low, High) = (multipliers, bias, wide, zero, low, high);
    }

    /// <summary>A factor per channel.</summary>
    public Multiplier[] Multipliers { get; }

    /// <summary>A bias per channel; 0 where there is none, or where it is computed by another node.</summary>
    public long[] Bias { get; }

    /// <summary>Sums are of 64 bits and scaled by 15 bits of the multiplier; otherwise they wrap at 32 bits.</summary>
    public bool IsWide { get; }

    /// <summary>The results' zero point.</summary>
    public int Zero { get; }

    /// <summary>The lowest result.</summary>
    public int Low { get; }

    /// <summary>The highest result.</summary>
    public int High { get; }

    /// <summary>A sum, bias included, as a stored result.</summary>
    public int Apply(long sum, int channel)
    {
        Multiplier multiplier = Multipliers[channel];
        int scaled = IsWide ? multiplier.ApplyWide(sum) : multiplier.Apply((int)sum);
        return Math.Clamp(scaled + Zero, Low, High);
    }
}
