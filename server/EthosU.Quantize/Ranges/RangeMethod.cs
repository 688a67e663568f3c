namespace EthosU.Quantize.Ranges;

/// <summary>How the range of a tensor is chosen from the values it takes.</summary>
public enum RangeMethod
{
    /// <summary>From the smallest to the largest value.</summary>
    MinMax,

    /// <summary>Without a small share of the outermost values on either side.</summary>
    Percentile,

    /// <summary>The range whose quantized distribution loses least information (Kullback-Leibler divergence).</summary>
    Entropy,

    /// <summary>The range with the least mean squared error of rounding and clipping.</summary>
    Mse,
}
