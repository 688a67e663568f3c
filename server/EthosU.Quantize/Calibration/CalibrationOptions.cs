using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Calibration;

/// <summary>Choices of the collection of ranges.</summary>
public sealed record CalibrationOptions
{
    /// <summary>How ranges are chosen from values.</summary>
    public RangeMethod Method { get; init; } = RangeMethod.Mse;

    /// <summary>
    /// For <see cref="RangeMethod.Percentile"/>: the share of values, in percent, that lie below the upper end and above the lower one.
    /// </summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>At most so many samples are used.</summary>
    public int MaxSamples { get; init; } = 200;

    /// <summary>So many samples are kept for what must be measured later: bias correction and equalisation.</summary>
    public int KeptSamples { get; init; } = 32;
}
