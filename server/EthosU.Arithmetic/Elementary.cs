namespace EthosU.Arithmetic;

/// <summary>
/// Elementary functions that give the same bits on every machine: of sums, products, quotients and roots in double precision alone, whose
/// results the standard prescribes. Those of singles are within 0.51 units in the last place.
/// </summary>
public static class Elementary
{
    private const int Parts = 64;
    private const double LogTwo = 0.6931471805599453, PartsPerLogTwo = Parts / LogTwo;

    // ln 2 / 64 in two parts: products of the first with whole numbers up to 2²⁰ are exact
    private const double PartHigh = 0.01083042469326756, PartLow = 2.9815858269852933e-12;

    private const double LeastExponent = -745, LargestExponent = 709;

    // 2^(i/64)
    private static readonly double[] Powers = MakePowers();

    /// <summary>e^x.</summary>
    public static float Exp(float x) => (float)Exp((double)x);

    /// <summary>e^x, with a relative error below 1e−15.</summary>
    public static double Exp(double x)
    {
        if (!(x > LeastExponent && x < LargestExponent))
            return double.IsNaN(x) ? x : x < 0 ? 0 : double.PositiveInfinity;
        double k = Math.Round(x * PartsPerLogTwo), r = x - (k * PartHigh) - (k * PartLow);
        int whole = (int)k;
        double tail = r + (r * r * (0.5 + (r * (1.0 / 6 + (r * (1.0 / 24 + (r * (1.0 / 120 + (r / 720)))))))));
        double power = Powers[whole & (Parts - 1)];
        return Math.ScaleB(power + (power * tail), whole >> 6);
    }

    /// <summary>The natural logarithm.</summary>
    public static float Log(float x) => (float)Log((double)x);

    /// <summary>The natural logarithm, with an error below 1e−15 of it.</summary>
    public static double Log(double x)
    {
        if (!(x > 0 && x < double.PositiveInfinity))
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        int exponent = Math.ILogB(x);
        double m = Math.ScaleB(x, -exponent);
        if (m > 1.4142135623730951)
        {
            m /= 2;
            exponent++;
        }
        double s = (m - 1) / (m + 1), square = s * s, sum = 1.0 / 23;
        for (int n = 21; n >= 3; n -= 2)
            sum = (sum * square) + (1.0 / n);
        return (exponent * LogTwo) + (2 * s * (1 + (square * sum)));
    }

    /// <summary>The hyperbolic tangent.</summary>
    public static float Tanh(float x)
    {
        double a = Math.Abs((double)x);
        if (!(a >= 1e-3))
            return (float)(x * (1 - (a * a / 3) + (2 * a * a * a * a / 15)));
        return a > 10 ? Math.Sign(x) : (float)Math.CopySign(1 - (2 / (Exp(2 * a) + 1)), x);
    }

    /// <summary>x to the power of y.</summary>
    public static float Pow(float x, float y)
    {
        if (!float.IsFinite(x) || !float.IsFinite(y) || x == 0 || y == 0 || x == 1 || (x < 0 && y != MathF.Floor(y)))
            return MathF.Pow(x, y); // what the standard prescribes
        double size = Exp(y * Log(Math.Abs((double)x)));
        bool odd = x < 0 && Math.Abs(y) < 1 << 24 && ((int)y & 1) != 0;
        return (float)(odd ? -size : size);
    }

    /// <summary>The sine.</summary>
    public static float Sin(float x) => OfQuarters(x, 0);

    /// <summary>The cosine.</summary>
    public static float Cos(float x) => OfQuarters(x, 1);

    private static float OfQuarters(float x, int more)
    {
        if (!float.IsFinite(x))
            return float.NaN;
        (double r, int quarters) = QuarterTurns.Reduce(x);
        double square = r * r;
        if (((quarters + more) & 1) == 0 && square < 1e-16)
            return ((quarters + more) & 2) == 0 ? (float)r : (float)-r; // also of −0
        double value = ((quarters + more) & 1) == 0 ? Sine(r, square) : Cosine(square);
        return (float)(((quarters + more) & 2) == 0 ? value : -value);
    }

    private static double Sine(double r, double square)
    {
        double sum = 1;
        for (int n = 16; n >= 2; n -= 2)
            sum = 1 - (sum * square / (n * (n + 1)));
        return r * sum;
    }

    private static double Cosine(double square)
    {
        double sum = 1;
        for (int n = 17; n >= 1; n -= 2)
            sum = 1 - (sum * square / (n * (n + 1)));
        return sum;
    }

    private static double[] MakePowers()
    {
        var powers = new double[Parts];
        powers[0] = 1;
        for (int step = Parts; step > 1; step /= 2)
        {
            double root = step == Parts ? 2 : powers[step];
            powers[step / 2] = Math.Sqrt(root);
        }
        for (int i = 1; i < Parts; i++)
        {
            int low = i & -i;
            if (low != i)
                powers[i] = powers[i - low] * powers[low];
        }
        return powers;
    }
}
