namespace EthosU.Arithmetic;

/// <summary>The exponential function and those made of it, of numbers in fixed point (tflite-kernels 2.7 and 2.8).</summary>
public static class Exponential
{
    private static ReadOnlySpan<int> Factors => [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];

    /// <summary>e^a for a ≤ 0 in Q<paramref name="bits"/>; the result is Q0.</summary>
    public static int OfNegative(int a, int bits)
    {
        if (a == 0)
            return int.MaxValue;
        int fraction = 31 - bits, quarter = 1 << (fraction - 2);
        int u = (a & (quarter - 1)) - quarter;
        int x = FixedPoint.Rescale(u, bits, 0) + (1 << 28);
        int x2 = FixedPoint.MultiplyHigh(x, x), x3 = FixedPoint.MultiplyHigh(x2, x), x4 = FixedPoint.MultiplyHigh(x2, x2);
        int y = FixedPoint.DivideByPowerOfTwo(FixedPoint.MultiplyHigh(FixedPoint.DivideByPowerOfTwo(x4, 2) + x3, 715827883) + x2, 1);
        int result = 1895147668 + FixedPoint.MultiplyHigh(1895147668, x + y);
        int rest = u - a;
        for (int bit = -2; bit < bits && bit <= 4; bit++)
            if (((rest >> (fraction + bit)) & 1) != 0)
                result = FixedPoint.MultiplyHigh(result, Factors[bit + 2]);
        return bits > 5 && a < -(1 << (36 - bits)) ? 0 : result;
    }

    /// <summary>Logistic of a Q<paramref name="bits"/> value; Q0.</summary>
    public static int Logistic(int a, int bits)
    {
        if (a == 0)
            return 1 << 30;
        int positive = Reciprocal.OneOverOnePlus(OfNegative(a > 0 ? -a : a, bits));
        return a > 0 ? positive : int.MaxValue - positive;
    }

    /// <summary>Hyperbolic tangent of a Q<paramref name="bits"/> value; Q0.</summary>
    public static int Tanh(int a, int bits)
    {
        if (a == 0)
            return 0;
        int ratio = FixedPoint.Rescale(Reciprocal.TwoOverOnePlus(OfNegative(a > 0 ? -a : a, bits + 1)) - (1 << 29), 2, 0);
        return a > 0 ? ratio : -ratio;
    }

    /// <summary>Largest input, in stored steps, that a function of <paramref name="bits"/> integer bits takes.</summary>
    public static int InputRadius(int bits, int shift) =>
        (int)Math.Clamp(Math.Floor(((1 << bits) - 1) * Math.ScaleB(1, 31 - bits) / Math.ScaleB(1, shift)), 0, int.MaxValue);
}
