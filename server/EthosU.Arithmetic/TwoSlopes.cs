namespace EthosU.Arithmetic;

/// <summary>
/// LEAKY_RELU and PRELU: different factors below and above 0 (tflite-kernels 3.5). A negative slope is a positive one whose result is
/// negated.
/// </summary>
public readonly struct TwoSlopes
{
    private readonly Multiplier above, below;
    private readonly bool falls;

    /// <summary>From real factors.</summary>
    /// <param name="above">Of values of 0 and more.</param>
    /// <param name="below">Of negative values.</param>
    /// <exception cref="FactorException">One is not finite or too large.</exception>
    public TwoSlopes(double above, double below)
    {
        (this.above, this.below) = (Multiplier.From(above), Multiplier.From(Math.Abs(below)));
        falls = below < 0;
    }

    /// <summary>The result of a value less its zero point, without the result's.</summary>
    /// <param name="value">The value.</param>
    /// <param name="step">What negative values are multiplied with before.</param>
    public int Apply(int value, int step = 1)
    {
        if (value >= 0)
            return above.Apply(value);
        int result = below.Apply(value * step);
        return falls ? -result : result;
    }
}
