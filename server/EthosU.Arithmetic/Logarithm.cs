using System.Numerics;

namespace EthosU.Arithmetic;

/// <summary>
/// The natural logarithm in fixed point (tflite-kernels 2.7): of the power of two, and of a mantissa by a quotient of polynomials.
/// </summary>
public static class Logarithm
{
    /// <summary>ln 2 in Q0.</summary>
    public const int LogTwo = 1488522236;

    /// <summary>√½ in Q0.</summary>
    public const int RootHalf = 1518500250;

    /// <summary>The middle of the mantissas.</summary>
    public const int Middle = 1805811301;

    /// <summary>Of the cube, above.</summary>
    public const int Numerator = 117049297;

    /// <summary>Of the square, below.</summary>
    public const int Denominator = 127690142;

    /// <summary>The constant below.</summary>
    public const int Constant = 1057819769;

    /// <summary>Of the linear term below.</summary>
    public const int Factor = 638450708;

    /// <summary>Natural logarithm of x ≥ 1 in Q12; Q5.</summary>
    public static int OfSum(int x)
    {
        int quarter = FixedPoint.DivideByPowerOfTwo(1 << 29, 6);
        int zeros = BitOperations.LeadingZeroCount((uint)x);
        int ra = FixedPoint.ShiftLeftSaturating(FixedPoint.MultiplyHigh(FixedPoint.ShiftLeftSaturating(x, zeros - 1), RootHalf), 1);
        int za = FixedPoint.AddSaturating(FixedPoint.ShiftLeftSaturating(12 - zeros, 25), quarter);
        int j = BitOperations.LeadingZeroCount((uint)FixedPoint.MultiplyHigh(x, RootHalf)) - 1;
        int rb = FixedPoint.ShiftLeftSaturating(x, j), zb = FixedPoint.AddSaturating(FixedPoint.ShiftLeftSaturating(12 - j, 25), -quarter);
        int r = Math.Min(ra, rb), z = Math.Max(za, zb);
        int p = FixedPoint.HalfSum(r, Middle), q = (r - Middle) << 1, c = FixedPoint.MultiplyHigh(q, q);
        int above = FixedPoint.MultiplyHigh(q, r) + FixedPoint.MultiplyHigh(FixedPoint.MultiplyHigh(q, c), Numerator);
        int below = FixedPoint.MultiplyHigh(p, Constant + q + FixedPoint.MultiplyHigh(Denominator, c)) + FixedPoint.MultiplyHigh(Factor, q);
        int mantissa = FixedPoint.MultiplyHigh(FixedPoint.DivideByPowerOfTwo(above, 6), Reciprocal.OneOverOnePlus(below));
        return FixedPoint.Rescale(FixedPoint.MultiplyHigh(z, LogTwo) + mantissa, 6, 5);
    }
}
