using System.Runtime.CompilerServices;

namespace EthosU.Arithmetic;

/// <summary>Integer building blocks with the reference's rounding (tflite-kernels 2.2). Qb: int32 with b integer bits.</summary>
public static class FixedPoint
{
    /// <summary>High half of the doubled product, rounded; ties go up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MultiplyHigh(int a, int b) =>
        a == int.MinValue && b == int.MinValue ? int.MaxValue : (int)((((long)a * b) + (1L << 30)) >> 31);

    /// <summary>The 16-bit form of <see cref="MultiplyHigh(int, int)"/>.</summary>
    public static short MultiplyHigh16(short a, short b) =>
        a == short.MinValue && b == short.MinValue ? short.MaxValue : (short)(((a * b) + (1 << 14)) >> 15);

    /// <summary>x / 2^n for n in 0..31, ties away from zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    /// <summary>A number with <paramref name="from"/> integer bits as one with <paramref name="to"/>.</summary>
    public static int Rescale(int x, int from, int to) => from > to ? ShiftLeftSaturating(x, from - to) : DivideByPowerOfTwo(x, to - from);

    /// <summary>The nearest number of 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Saturate16(int x) => Math.Clamp(x, short.MinValue, short.MaxValue);

    /// <summary>(a + b) / 2, ties away from zero.</summary>
    public static int HalfSum(int a, int b)
    {
        long sum = (long)a + b;
        return (int)((sum + (sum >= 0 ? 1 : -1)) / 2);
    }

    /// <summary>a + b, saturating.</summary>
    public static int AddSaturating(int a, int b) => (int)Math.Clamp((long)a + b, int.MinValue, int.MaxValue);
}
