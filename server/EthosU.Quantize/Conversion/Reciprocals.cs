using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>The ranges of reciprocals, of which calibration knows nothing, and how many bits they need.</summary>
internal static class Reciprocals
{
    private const float Spread = 8, Levels = 256;
    private const double FewShare = 0.01;

    /// <summary>
    /// The range of the reciprocals of a divisor's values, and whether they are of so different sizes that the large ones leave too few
    /// steps of 8 bits to the small ones; null if nothing is known of the divisor.
    /// </summary>
    public static (ValueRange Range, bool IsWide)? Find(RangeTable known, Tensor divisor)
    {
        if (known.Histogram(divisor) is { Count: > 0 } histogram)
        {
            float largest = Math.Max(Math.Abs(histogram.Min), Math.Abs(histogram.Max));
            if (largest == 0)
                return (new(0, 1), false);
            if (histogram.ShareBelow(largest / Spread) <= FewShare)
                return (known.FindMade(divisor, histogram.OfReciprocals()), false);
            // A divisor of 8 bits has no smaller values.
            float most = Levels / largest;
            if (histogram.Min > 0 || histogram.Max < 0)
                most = Math.Min(most, 1 / Math.Min(Math.Abs(histogram.Min), Math.Abs(histogram.Max)));
            return (new(histogram.Min < 0 ? -most : 0, histogram.Max > 0 ? most : 0), true);
        }
        if (known.Find(divisor) is not { } range)
            return null;
        if (range.Min > 0 || range.Max < 0)
            return (new(1 / range.Max, 1 / range.Min), false);
        float bound = range.Width > 0 ? Levels / range.Width : 1;
        return (new(range.Min < 0 ? -bound : 0, bound), false);
    }
}
