using System.Numerics;
using EthosU.Npu.Commands;

namespace EthosU.Npu.Lowering;

/// <summary>Integer arithmetic of the reference kernels, for tables (tflite-kernels 2.2 and 2.7).</summary>
internal static class FixedPoint
{
    /// <summary>High half of twice the product, rounded, saturating.</summary>
    public static int MultiplyHigh(int a, int b) =>
        a == int.MinValue && b == int.MinValue ? int.MaxValue : (int)((((long)a * b) + (1L << 30)) >> 31);

    /// <summary>The same in 16 bits.</summary>
    public static int MultiplyHigh16(int a, int b) => a == short.MinValue && b == short.MinValue ? short.MaxValue : ((a * b) + (1 << 14)) >> 15;

    /// <summary>Divides by a power of two, halves away from zero.</summary>
    public static int DivideByPowerOfTwo(int value, int exponent)
    {
        int mask = (int)((1L << exponent) - 1), remainder = value & mask, threshold = (mask >> 1) + (value < 0 ? 1 : 0);
        return (value >> exponent) + (remainder > threshold ? 1 : 0);
    }

    /// <summary>Multiplies by a fixed-point factor with TensorFlow Lite's two roundings.</summary>
    public static int Scale(int value, FixedPointScale scale)
    {
        uint multiplier = scale.Multiplier;
        int shift = scale.Shift;
        if (multiplier == 1u << 31)
        {
            multiplier >>= 1;
            shift--;
        }
        int left = 31 - shift;
        return left >= 0
            ? MultiplyHigh(unchecked(value << left), (int)multiplier)
            : DivideByPowerOfTwo(MultiplyHigh(value, (int)multiplier), Math.Min(31, -left));
    }

    /// <summary>Shifts left, saturating to 32 bits.</summary>
    public static int ShiftLeft(int value, int count) => (int)Math.Clamp((long)value << count, int.MinValue, int.MaxValue);

    /// <summary>e to the power of a non-positive number of <paramref name="integerBits"/> integer bits; result without integer bits.</summary>
    public static int ExpOfNegative(int value, int integerBits)
    {
        if (value == 0)
            return int.MaxValue;
        int fraction = 31 - integerBits, quarter = 1 << (fraction - 2);
        int u = (value & (quarter - 1)) - quarter;
        int t = Rescale(u, integerBits, 0) + (1 << 28);
        int t2 = MultiplyHigh(t, t), t3 = MultiplyHigh(t2, t), t4 = MultiplyHigh(t2, t2);
        int p = DivideByPowerOfTwo(MultiplyHigh(DivideByPowerOfTwo(t4, 2) + t3, 715827883) + t2, 1);
        int result = 1895147668 + MultiplyHigh(1895147668, t + p);
        int rest = u - value;
        ReadOnlySpan<int> factors = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];
        for (int k = -2; k <= 4 && k < integerBits; k++)
            if ((rest & (1 << (fraction + k))) != 0)
                result = MultiplyHigh(result, factors[k + 2]);
        return integerBits > 5 && value < -(1 << (36 - integerBits)) ? 0 : result;
    }

    /// <summary>Logistic function of a number of <paramref name="integerBits"/> integer bits; result without integer bits.</summary>
    public static int Logistic(int value, int integerBits)
    {
        if (value == 0)
            return 1 << 30;
        int positive = Rescale(Newton(ExpOfNegative(value > 0 ? -value : value, integerBits)), 1, 0);
        return value > 0 ? positive : int.MaxValue - positive;
    }

    /// <summary>Hyperbolic tangent of a number of <paramref name="integerBits"/> integer bits; result without integer bits.</summary>
    public static int Tanh(int value, int integerBits)
    {
        if (value == 0)
            return 0;
        int ratio = Rescale(Newton(ExpOfNegative(value > 0 ? -value : value, integerBits + 1)) - (1 << 29), 2, 0);
        return value > 0 ? ratio : -ratio;
    }

    /// <summary>1/√x of a whole number, times 2²⁰, as the reference's RSQRT forms it.</summary>
    public static int InverseSquareRoot(int value)
    {
        (int multiplier, int shift) = InverseSquareRootScale(value);
        int left = shift + 20;
        return left >= 0 ? MultiplyHigh(1 << left, multiplier) : DivideByPowerOfTwo(MultiplyHigh(1, multiplier), -left);
    }

    private static (int Multiplier, int Shift) InverseSquareRootScale(int x)
    {
        if (x <= 1)
            return (int.MaxValue, 0);
        int c = 11;
        while (x >= 1 << 29)
        {
            x /= 4;
            c++;
        }
        int g = ((BitOperations.LeadingZeroCount((uint)x) - 1) / 2) - 1;
        c -= g;
        x <<= 2 * g;
        int half = x >> 1, v = 1 << 28;
        for (int i = 0; i < 5; i++)
        {
            int cube = Rescale(MultiplyHigh(MultiplyHigh(v, v), v), 9, 3);
            v = Rescale(MultiplyHigh(3 << 27, v) - MultiplyHigh(DivideByPowerOfTwo(half, 1), cube), 6, 3);
        }
        int multiplier = MultiplyHigh(v, 1518500250);
        if (c < 0)
        {
            multiplier <<= -c;
            c = 0;
        }
        return (multiplier, -c);
    }

    private static int Newton(int a)
    {
        long sum = (long)a + int.MaxValue;
        int h = (int)((sum + (sum >= 0 ? 1 : -1)) / 2);
        int x = 1515870810 + MultiplyHigh(h, -1010580540);
        for (int i = 0; i < 3; i++)
            x = unchecked(x + Rescale(MultiplyHigh(x, (1 << 29) - MultiplyHigh(h, x)), 4, 2));
        return x;
    }

    private static int Rescale(int value, int from, int to) =>
        from > to ? ShiftLeft(value, from - to) : from < to ? DivideByPowerOfTwo(value, to - from) : value;
}
