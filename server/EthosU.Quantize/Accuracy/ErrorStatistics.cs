using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Accuracy;

/// <summary>Sums over the differences of two series of values.</summary>
internal sealed class ErrorStatistics
{
    private double signal, noise, dot, other, absolute;
    private long count, undefined;

    /// <summary>Values that are infinite or not a number in one of the series; they are not counted.</summary>
    public long Undefined => undefined;

    public double MaxError { get; private set; }

    public float Min { get; private set; } = float.PositiveInfinity;

    public float Max { get; private set; } = float.NegativeInfinity;

    /// <summary>In dB; at most 150 where nothing differs, not a number where nothing could be compared.</summary>
    public double Sqnr => count == 0 ? double.NaN : noise <= signal * 1e-15 ? 150 : signal == 0 ? -150 : 10 * Math.Log10(signal / noise);

    public double MeanError => count == 0 ? 0 : absolute / count;

    public double Cosine => signal == 0 || other == 0 ? (signal == other ? 1 : 0) : dot / Math.Sqrt(signal * other);

    /// <summary>Compares values with those they should be.</summary>
    public void Add(ReadOnlySpan<float> wanted, ReadOnlySpan<float> got)
    {
        for (int i = 0; i < wanted.Length; i++)
        {
            double w = wanted[i], g = got[i], error = g - w;
            if (!double.IsFinite(w) || !double.IsFinite(g))
            {
                undefined++;
                continue;
            }
            if (Math.Abs(w) >= ValueHistogram.Huge)
                continue;
            signal += w * w;
            noise += error * error;
            dot += w * g;
            other += g * g;
            absolute += Math.Abs(error);
            MaxError = Math.Max(MaxError, Math.Abs(error));
            Min = Math.Min(Min, wanted[i]);
            Max = Math.Max(Max, wanted[i]);
            count++;
        }
    }
}
