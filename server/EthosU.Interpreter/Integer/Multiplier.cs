namespace EthosU.Interpreter.Integer;

/// <summary>A real factor as integer and shift: about Value × 2^(Shift − 31) (tflite-kernels 2.1 to 2.4).</summary>
internal readonly record struct Multiplier(int Value, int Shift)
{
    /// <summary>The nearest multiplier; a negative factor gives a negative value.</summary>
    /// <exception cref="KernelRefusedException">The factor is not finite or too large.</exception>
    public static Multiplier From(double factor)
    {
        if (!double.IsFinite(factor))
            throw new KernelRefusedException($"The quotient of its scales is {factor}: a scale is 0 or not finite.");
        if (factor == 0)
            return default;
        int shift = Math.ILogB(factor) + 1;
        long value = (long)Math.Round(Math.ScaleB(factor, 31 - shift), MidpointRounding.AwayFromZero);
        if (Math.Abs(value) == 1L << 31)
        {
            value /= 2;
            shift++;
        }
        if (shift > 31)
            throw new KernelRefusedException($"The quotient of its scales, {factor:G4}, is too large.");
        return shift < -31 ? default : new((int)value, shift);
    }

    /// <summary>The multiplier of a factor that must be between 0 and 1.</summary>
    public static Multiplier SmallerThanOne(double factor)
    {
        Multiplier result = factor is > 0 and < 1 ? From(factor) : new(0, 1);
        return result.Shift <= 0 ? result : throw new KernelRefusedException($"The quotient of its scales, {factor:G4}, must be between 0 and 1.");
    }

    /// <summary>x × factor, rounded twice as TensorFlow Lite Micro does.</summary>
    public int Apply(int x)
    {
        int left = Math.Max(Shift, 0), right = Math.Max(-Shift, 0);
        return FixedPoint.DivideByPowerOfTwo(FixedPoint.MultiplyHigh(left > 31 ? 0 : x << left, Value), right);
    }

    /// <summary>x × factor for a wide sum, with 15 bits of the multiplier.</summary>
    public int ApplyWide(long x)
    {
        int reduced = Value < 0x7FFF0000 ? (Value + (1 << 15)) >> 16 : 0x7FFF;
        int shift = 15 - Shift;
        return (int)(((x * reduced) + (1L << (shift - 1))) >> shift);
    }
}
