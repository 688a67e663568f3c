namespace EthosU.Arithmetic;

/// <summary>Functions of real numbers that the base library lacks, in the precision that tables and float kernels take them.</summary>
public static class RealFunctions
{
    /// <summary>
    /// The error function, with an error below 1e−15: the power series near 0, the continued fraction of erfc elsewhere.
    /// </summary>
    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (a < 2.5)
        {
            double term = a, sum = a;
            for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
            {
                term *= -a * a / n;
                sum += term / ((2 * n) + 1);
            }
            return Math.CopySign(2 / Math.Sqrt(Math.PI) * sum, x);
        }
        double fraction = 0;
        for (int n = 60; n > 0; n--)
            fraction = n / 2.0 / (a + fraction);
        double complement = Math.Exp(-a * a) / ((a + fraction) * Math.Sqrt(Math.PI));
        return Math.CopySign(1 - complement, x);
    }

    /// <summary>The Gaussian error linear unit.</summary>
    public static float Gelu(float x, bool approximate) => approximate
        ? 0.5f * x * (1 + MathF.Tanh(MathF.Sqrt(2 / MathF.PI) * (x + (0.044715f * x * x * x))))
        : (float)(0.5 * x * (1 + Erf(x * Math.Sqrt(0.5))));

    /// <summary>The logistic function.</summary>
    public static float Logistic(float x) => 1 / (1 + MathF.Exp(-x));

    /// <summary>The exponential linear unit.</summary>
    public static float Elu(float x) => x < 0 ? MathF.Exp(x) - 1 : x;

    /// <summary>The natural logarithm; <paramref name="least"/>, the least number that the result can hold, where there is none.</summary>
    public static float LogOr(float x, float least) => x <= 0 ? least : MathF.Log(x);
}
