namespace EthosU.Arithmetic;

/// <summary>
/// The real factors of operators that bring two operands to a common scale, twice the larger of theirs, before they add or subtract
/// (tflite-kernels 3.4).
/// </summary>
/// <param name="Shift">By how much operands are shifted to the left before.</param>
/// <param name="First">Of the first operand.</param>
/// <param name="Second">Of the second operand.</param>
/// <param name="Result">Of the sum, or of the square of the difference.</param>
public readonly record struct OperandFactors(int Shift, double First, double Second, double Result)
{
    /// <summary>ADD and SUB.</summary>
    /// <param name="first">Scale of the first operand.</param>
    /// <param name="second">Scale of the second operand.</param>
    /// <param name="result">Scale of the result.</param>
    /// <param name="wide">Elements have 16 bits.</param>
    public static OperandFactors OfSum(float first, float second, float result, bool wide)
    {
        int shift = wide ? 15 : 20;
        double twice = 2.0 * Math.Max(first, second);
        return new(shift, first / twice, second / twice, twice / ((1 << shift) * (double)result));
    }

    /// <summary>SQUARED_DIFFERENCE.</summary>
    /// <param name="first">Scale of the first operand.</param>
    /// <param name="second">Scale of the second operand.</param>
    /// <param name="result">Scale of the result.</param>
    /// <param name="wide">Elements have 16 bits.</param>
    public static OperandFactors OfSquaredDifference(float first, float second, float result, bool wide)
    {
        int shift = wide ? 0 : 7;
        double twice = 2.0 * Math.Max(first, second);
        return new(shift, first / twice, second / twice, twice * twice / ((1 << (2 * shift)) * (double)result));
    }
}
