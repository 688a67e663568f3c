using System.Numerics;

namespace EthosU.Arithmetic;

/// <summary>Reciprocals by Newton's method (tflite-kernels 2.7).</summary>
public static class Reciprocal
{
    /// <summary>The first guess of 1 / d is <see cref="Start"/> + <see cref="Slope"/> × d, for d of ½ to 1: 48/17 in Q2.</summary>
    public const int Start = 1515870810;

    /// <summary>The guess's slope: −32/17 in Q2.</summary>
    public const int Slope = -1010580540;

    /// <summary>How often the guess is bettered.</summary>
    public const int Steps = 3;

    /// <summary>2 / (1 + a) for a in [0, 1) Q0; Q2.</summary>
    public static int TwoOverOnePlus(int a)
    {
        int half = FixedPoint.HalfSum(a, int.MaxValue);
        int x = Start + FixedPoint.MultiplyHigh(half, Slope);
        for (int i = 0; i < Steps; i++)
            x += FixedPoint.Rescale(FixedPoint.MultiplyHigh(x, (1 << 29) - FixedPoint.MultiplyHigh(half, x)), 4, 2);
        return x;
    }

    /// <summary>1 / (1 + a) for a in [0, 1) Q0; Q0.</summary>
    public static int OneOverOnePlus(int a) => FixedPoint.Rescale(TwoOverOnePlus(a), 1, 0);

    /// <summary>1 / x for x > 0 in Q<paramref name="bits"/>: value × 2^(−shift), value in Q0.</summary>
    public static (int Value, int Shift) Of(int x, int bits)
    {
        int zeros = BitOperations.LeadingZeroCount((uint)x);
        return (OneOverOnePlus((x << zeros) - int.MinValue), bits - zeros);
    }

    /// <summary>
    /// dividend / divisor × factor, for a divisor other than 0 (tflite-kernels 3.10);
    /// quotients too small for the reference give 0.
    /// </summary>
    public static int Divide(int dividend, int divisor, Multiplier factor)
    {
        if (divisor < 0)
            (dividend, divisor) = (-dividend, -divisor);
        (int reciprocal, int shift) = Of(divisor, 31);
        int headroom = BitOperations.LeadingZeroCount((uint)(dividend < 0 ? ~dividend : dividend)) - 1;
        int scaled = FixedPoint.MultiplyHigh(dividend << headroom, reciprocal);
        int right = factor.Shift - shift - headroom;
        return right switch
        {
            < -31 => 0,
            <= 0 => FixedPoint.DivideByPowerOfTwo(FixedPoint.MultiplyHigh(scaled, factor.Value), -right),
            _ => new Multiplier(factor.Value, right).Apply(scaled),
        };
    }
}
