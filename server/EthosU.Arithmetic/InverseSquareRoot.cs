using System.Numerics;

namespace EthosU.Arithmetic;

/// <summary>RSQRT: 1 / √x of stored values, times a factor (tflite-kernels 2.7 and 3.5).</summary>
public readonly struct InverseSquareRoot
{
    private const int FractionBits = 20;
    private readonly Multiplier output;

    /// <summary>From the scales of input and result.</summary>
    /// <exception cref="FactorException">Their quotient is not finite or too large.</exception>
    public InverseSquareRoot(float input, float result)
    {
        Multiplier factor = Multiplier.From(1 / (Math.Sqrt(input) * result));
        output = factor with { Shift = factor.Shift - FractionBits };
    }

    /// <summary>The result of a value above 0, less its zero point, without the result's.</summary>
    public int Apply(int x)
    {
        Multiplier inverse = Of(x);
        return output.Apply((inverse with { Shift = inverse.Shift + FractionBits }).Apply(1));
    }

    /// <summary>1 / √x for an integer x ≥ 0, as a multiplier.</summary>
    public static Multiplier Of(int x)
    {
        if (x <= 1)
            return new(int.MaxValue, 0);
        int shift = 11;
        for (; x >= 1 << 29; x /= 4)
            shift++;
        int grow = ((BitOperations.LeadingZeroCount((uint)x) - 1) / 2) - 1;
        shift -= grow;
        x <<= 2 * grow;
        int half = FixedPoint.DivideByPowerOfTwo(x >> 1, 1), v = 1 << 28;
        for (int i = 0; i < 5; i++)
        {
            int cube = FixedPoint.Rescale(FixedPoint.MultiplyHigh(FixedPoint.MultiplyHigh(v, v), v), 9, 3);
            v = FixedPoint.Rescale(FixedPoint.MultiplyHigh(3 << 27, v) - FixedPoint.MultiplyHigh(half, cube), 6, 3);
        }
        int value = FixedPoint.MultiplyHigh(v, Logarithm.RootHalf);
        if (shift < 0)
        {
            value <<= -shift;
            shift = 0;
        }
        return new(value, -shift);
    }
}
