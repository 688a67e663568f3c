using System.Runtime.CompilerServices;

namespace EthosU.Arithmetic;

/// <summary>A real factor as integer and shift: about Value × 2^(Shift − 31) (tflite-kernels 2.1 to 2.4).</summary>
/// <param name="Value">2³⁰ to 2³¹ − 1 in magnitude, or 0.</param>
/// <param name="Shift">To the left; to the right where it is negative.</param>
public readonly record struct Multiplier(int Value, int Shift)
{
    /// <summary>The nearest multiplier; a negative factor gives a negative value.</summary>
    /// <exception cref="FactorException">The factor is not finite or too large.</exception>
    public static Multiplier From(double factor)
    {
        if (!double.IsFinite(factor))
            throw new FactorException($"The quotient of its scales is {factor}: a scale is 0 or not finite.");
        if (factor == 0)
            return default;
        (long value, int shift) = Split(factor);
        if (Math.Abs(value) == 1L << 31)
        {
            value /= 2;
            shift++;
        }
        if (shift > 31)
            throw new FactorException($"The quotient of its scales, {factor:G4}, is too large.");
        return shift < -31 ? default : new((int)value, shift);
    }

    /// <summary>The multiplier of a factor that must be between 0 and 1.</summary>
    /// <exception cref="FactorException">It is not.</exception>
    public static Multiplier SmallerThanOne(double factor)
    {
        Multiplier result = factor is > 0 and < 1 ? From(factor) : new(0, 1);
        return result.Shift <= 0 ? result : throw new FactorException($"The quotient of its scales, {factor:G4}, must be between 0 and 1.");
    }

    /// <summary>
    /// A finite factor other than 0 as mantissa × 2^(exponent − 31), the mantissa rounded to 32 bits: 2³⁰ to 2³¹ in magnitude, both
    /// included.
    /// </summary>
    public static (long Mantissa, int Exponent) Split(double factor)
    {
        int exponent = Math.ILogB(factor) + 1;
        return ((long)Rounding.HalfAway(Math.ScaleB(factor, 31 - exponent)), exponent);
    }

    /// <summary>The 15 bits of a multiplier that scale wide sums (tflite-kernels 2.4).</summary>
    public static int Reduce(long value) => value < 0x7FFF0000 ? (int)((value + (1 << 15)) >> 16) : short.MaxValue;

    /// <summary>x × factor, rounded twice as TensorFlow Lite Micro does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Apply(int x)
    {
        int left = Math.Max(Shift, 0), right = Math.Max(-Shift, 0);
        return FixedPoint.DivideByPowerOfTwo(FixedPoint.MultiplyHigh(left > 31 ? 0 : x << left, Value), right);
    }

    /// <summary>x × factor for a wide sum, with 15 bits of the multiplier.</summary>
    public int ApplyWide(long x)
    {
        int shift = 15 - Shift;
        return (int)(((x * Reduce(Value)) + (1L << (shift - 1))) >> shift);
    }

    /// <summary>
    /// The multiplier of the mean of so many numbers: a <paramref name="count"/>th, in whole steps of the value (tflite-kernels 3.7).
    /// </summary>
    public Multiplier OverCount(long count)
    {
        int shift = Math.Min(Math.Min((int)long.Log2(count), 32), 31 + Shift);
        return new((int)(((long)Value << shift) / count), Shift - shift);
    }
}
