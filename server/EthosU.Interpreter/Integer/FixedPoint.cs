using System.Numerics;

namespace EthosU.Interpreter.Integer;

/// <summary>Integer building blocks with the reference's rounding (tflite-kernels 2.2 and 2.7). Qb: int32 with b integer bits.</summary>
internal static class FixedPoint
{
    private static readonly (int Bit, int Factor)[] ExponentFactors =
        [(-2, 1672461947), (-1, 1302514674), (0, 790015084), (1, 290630308), (2, 39332535), (3, 720401), (4, 242)];

    /// <summary>High half of the doubled product, rounded; ties go up.</summary>
    public static int MultiplyHigh(int a, int b) =>
        a == int.MinValue && b == int.MinValue ? int.MaxValue : (int)((((long)a * b) + (1L << 30)) >> 31);

    /// <summary>The 16-bit form of <see cref="MultiplyHigh(int, int)"/>.</summary>
    public static short MultiplyHigh16(short a, short b) =>
        a == short.MinValue && b == short.MinValue ? short.MaxValue : (short)(((a * b) + (1 << 14)) >> 15);

    /// <summary>x / 2^n for n in 0..31, ties away from zero.</summary>
    public static int DivideByPowerOfTwo(int x, int n)
    {
        int mask = (int)((1L << n) - 1);
        return (x >> n) + ((x & mask) > (mask >> 1) + (x < 0 ? 1 : 0) ? 1 : 0);
    }

    /// <summary>x × 2^n, saturating, for n in 0..31.</summary>
    public static int ShiftLeftSaturating(int x, int n)
    {
        if (n == 0)
            return x;
        int limit = (int)((1L << (31 - n)) - 1);
        return x > limit ? int.MaxValue : x < -limit ? int.MinValue : x << n;
    }

    public static int Rescale(int x, int from, int to) => from > to ? ShiftLeftSaturating(x, from - to) : DivideByPowerOfTwo(x, to - from);

    public static int Saturate16(int x) => Math.Clamp(x, short.MinValue, short.MaxValue);

    /// <summary>e^a for a ≤ 0 in Q<paramref name="bits"/>; the result is Q0.</summary>
    public static int ExpOfNegative(int a, int bits)
    {
        if (a == 0)
            return int.MaxValue;
        int fraction = 31 - bits, quarter = 1 << (fraction - 2);
        int u = (a & (quarter - 1)) - quarter;
        int x = Rescale(u, bits, 0) + (1 << 28);
        int x2 = MultiplyHigh(x, x), x3 = MultiplyHigh(x2, x), x4 = MultiplyHigh(x2, x2);
        int y = DivideByPowerOfTwo(MultiplyHigh(DivideByPowerOfTwo(x4, 2) + x3, 715827883) + x2, 1);
        int result = 1895147668 + MultiplyHigh(1895147668, x + y);
        int rest = u - a;
        foreach ((int bit, int factor) in ExponentFactors)
            if (bit < bits && ((rest >> (fraction + bit)) & 1) != 0)
                result = MultiplyHigh(result, factor);
        return bits > 5 && a < -(1 << (36 - bits)) ? 0 : result;
    }

    /// <summary>1 / (1 + a) for a in [0, 1) Q0; Q0.</summary>
    public static int OneOverOnePlus(int a) => Rescale(TwoOverOnePlus(a), 1, 0);

    /// <summary>Logistic of a Q<paramref name="bits"/> value; Q0.</summary>
    public static int Logistic(int a, int bits)
    {
        if (a == 0)
            return 1 << 30;
        int positive = OneOverOnePlus(ExpOfNegative(a > 0 ? -a : a, bits));
        return a > 0 ? positive : int.MaxValue - positive;
    }

    /// <summary>Hyperbolic tangent of a Q<paramref name="bits"/> value; Q0.</summary>
    public static int Tanh(int a, int bits)
    {
        if (a == 0)
            return 0;
        int ratio = Rescale(TwoOverOnePlus(ExpOfNegative(a > 0 ? -a : a, bits + 1)) - (1 << 29), 2, 0);
        return a > 0 ? ratio : -ratio;
    }

    /// <summary>1 / x for x > 0 in Q<paramref name="bits"/>: value × 2^(−shift), value in Q0.</summary>
    public static (int Value, int Shift) Reciprocal(int x, int bits)
    {
        int zeros = BitOperations.LeadingZeroCount((uint)x);
        return (OneOverOnePlus((x << zeros) - int.MinValue), bits - zeros);
    }

    /// <summary>1 / √x for an integer x ≥ 0, as a multiplier.</summary>
    public static Multiplier InverseSquareRoot(int x)
    {
        if (x <= 1)
            return new(int.MaxValue, 0);
        int shift = 11;
        for (; x >= 1 << 29; x /= 4)
            shift++;
        int grow = ((BitOperations.LeadingZeroCount((uint)x) - 1) / 2) - 1;
        shift -= grow;
        x <<= 2 * grow;
        int half = DivideByPowerOfTwo(x >> 1, 1), v = 1 << 28;
        for (int i = 0; i < 5; i++)
        {
            int cube = Rescale(MultiplyHigh(MultiplyHigh(v, v), v), 9, 3);
            v = Rescale(MultiplyHigh(3 << 27, v) - MultiplyHigh(half, cube), 6, 3);
        }
        int value = MultiplyHigh(v, 1518500250);
        if (shift < 0)
        {
            value <<= -shift;
            shift = 0;
        }
        return new(value, -shift);
    }

    /// <summary>Natural logarithm of x ≥ 1 in Q12; Q5.</summary>
    public static int Log(int x)
    {
        const int logTwo = 1488522236, rootHalf = 1518500250, s = 1805811301;
        const int numerator = 117049297, denominator = 127690142, constant = 1057819769, factor = 638450708;
        int quarter = DivideByPowerOfTwo(1 << 29, 6);
        int zeros = BitOperations.LeadingZeroCount((uint)x);
        int ra = ShiftLeftSaturating(MultiplyHigh(ShiftLeftSaturating(x, zeros - 1), rootHalf), 1);
        int za = SaturatingAdd(ShiftLeftSaturating(12 - zeros, 25), quarter);
        int j = BitOperations.LeadingZeroCount((uint)MultiplyHigh(x, rootHalf)) - 1;
        int rb = ShiftLeftSaturating(x, j), zb = SaturatingAdd(ShiftLeftSaturating(12 - j, 25), -quarter);
        int r = Math.Min(ra, rb), z = Math.Max(za, zb);
        int p = HalfSum(r, s), q = (r - s) << 1, c = MultiplyHigh(q, q);
        int num = MultiplyHigh(q, r) + MultiplyHigh(MultiplyHigh(q, c), numerator);
        int den = MultiplyHigh(p, constant + q + MultiplyHigh(denominator, c)) + MultiplyHigh(factor, q);
        return Rescale(MultiplyHigh(z, logTwo) + MultiplyHigh(DivideByPowerOfTwo(num, 6), OneOverOnePlus(den)), 6, 5);
    }

    /// <summary>Largest input, in stored steps, that a fixed-point function of <paramref name="bits"/> integer bits takes (tflite-kernels 2.8).</summary>
    public static int InputRadius(int bits, int shift) =>
        (int)Math.Clamp(Math.Floor(((1 << bits) - 1) * Math.ScaleB(1, 31 - bits) / Math.ScaleB(1, shift)), 0, int.MaxValue);

    private static int HalfSum(int a, int b)
    {
        long sum = (long)a + b;
        return (int)((sum + (sum >= 0 ? 1 : -1)) / 2);
    }

    private static int SaturatingAdd(int a, int b) => (int)Math.Clamp((long)a + b, int.MinValue, int.MaxValue);

    /// <summary>2 / (1 + a) for a in [0, 1) Q0 by Newton's method; Q2.</summary>
    private static int TwoOverOnePlus(int a)
    {
        int half = HalfSum(a, int.MaxValue);
        int x = 1515870810 + MultiplyHigh(half, -1010580540);
        for (int i = 0; i < 3; i++)
            x += Rescale(MultiplyHigh(x, (1 << 29) - MultiplyHigh(half, x)), 4, 2);
        return x;
    }
}
