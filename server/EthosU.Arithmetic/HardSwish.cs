namespace EthosU.Arithmetic;

/// <summary>HARD_SWISH of 8 bits in 16-bit fixed point (tflite-kernels 3.5).</summary>
public readonly struct HardSwish
{
    private readonly short outputFactor, reluFactor;
    private readonly int outputShift, reluShift;

    /// <summary>From the scales of input and result.</summary>
    /// <exception cref="FactorException">They do not suit each other.</exception>
    public HardSwish(float input, float result)
    {
        double fine = input / 128.0;
        Multiplier output = Multiplier.From(fine / result), relu = Multiplier.From(fine / (3.0 / 32768));
        if (output.Shift > 0)
            throw new FactorException("Its result's scale is too small for its input's.");
        (outputFactor, reluFactor) = ((short)Multiplier.Reduce(output.Value), (short)Multiplier.Reduce(relu.Value));
        (outputShift, reluShift) = (output.Shift, relu.Shift);
    }

    /// <summary>The result of a value less its zero point, without the result's.</summary>
    public int Apply(int value)
    {
        short input = (short)(value * 128);
        short scaled = FixedPoint.MultiplyHigh16(input, outputFactor);
        int gate = input;
        if (reluShift > 0)
            gate = FixedPoint.Saturate16(FixedPoint.ShiftLeftSaturating(gate, Math.Min(reluShift - 1, 31)));
        gate = FixedPoint.MultiplyHigh16((short)gate, reluFactor);
        if (reluShift > 0)
            gate = FixedPoint.Saturate16(2 * gate);
        else if (reluShift < 0)
            gate = FixedPoint.DivideByPowerOfTwo(gate, -reluShift);
        gate = (gate + 32768) >> 1;
        int product = gate == short.MinValue && scaled == short.MinValue ? short.MaxValue : gate * scaled / 32768;
        return FixedPoint.DivideByPowerOfTwo(product, -outputShift);
    }
}
