namespace EthosU.Arithmetic;

/// <summary>LOGISTIC and TANH of 8 bits: fixed-point functions of 4 integer bits (tflite-kernels 3.5).</summary>
public readonly struct NarrowSigmoid
{
    private const int InputBits = 4, Middle = 128, Highest = 255;
    private readonly Multiplier input;
    private readonly int radius;
    private readonly bool tanh;

    /// <summary>From the scale of the input.</summary>
    /// <param name="scale">The input's scale.</param>
    /// <param name="tanh">TANH; otherwise LOGISTIC.</param>
    /// <exception cref="FactorException">The scale is not finite or too large.</exception>
    public NarrowSigmoid(float scale, bool tanh)
    {
        input = Multiplier.From(scale * (double)(1 << (31 - InputBits)));
        radius = Exponential.InputRadius(InputBits, input.Shift);
        this.tanh = tanh;
    }

    /// <summary>The result of a value less its zero point: 0 to 255, steps above the type's lowest value.</summary>
    public int Apply(int value)
    {
        if (value <= -radius)
            return 0;
        if (value >= radius)
            return Highest;
        int x = input.Apply(value);
        int result = tanh
            ? FixedPoint.DivideByPowerOfTwo(Exponential.Tanh(x, InputBits), 24) + Middle
            : FixedPoint.DivideByPowerOfTwo(Exponential.Logistic(x, InputBits), 23);
        return Math.Clamp(result, 0, Highest);
    }
}
