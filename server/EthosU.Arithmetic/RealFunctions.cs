namespace EthosU.Arithmetic;

/// <summary>Functions of real numbers that the base library lacks, in the precision that tables and float kernels take them.</summary>
public static class RealFunctions
{
    private const double FromHere1 = 6; // 1 − erf is less than half of the last place of 1

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
        if (a >= FromHere1)
            return Math.CopySign(1, x);
        double fraction = 0;
        for (int n = 60; n > 0; n--)
            fraction = n / 2.0 / (a + fraction);
        double complement = Elementary.Exp(-a * a) / ((a + fraction) * Math.Sqrt(Math.PI));
        return Math.CopySign(1 - complement, x);
    }

    /// <summary>The Gaussian error linear unit.</summary>
    public static float Gelu(float x, bool approximate)
    {
        if (approximate)
            return 0.5f * x * (1 + Elementary.Tanh(MathF.Sqrt(2 / MathF.PI) * (x + (0.044715f * x * x * x))));
        double argument = x * Math.Sqrt(0.5), half = 0.5 * x;
        if (Math.Abs(argument) < FromHere1)
        {
            double factor = 1 + ErfTable.Near(argument);
            float result = (float)(half * (factor - ErfTable.Error));
            if (result == (float)(half * (factor + ErfTable.Error))) // then all between them, the exact function's too
                return result;
        }
        return (float)(half * (1 + Erf(argument)));
    }

    /// <summary>The logistic function.</summary>
    public static float Logistic(float x) => 1 / (1 + Elementary.Exp(-x));

    /// <summary>The exponential linear unit.</summary>
    public static float Elu(float x) => x < 0 ? Elementary.Exp(x) - 1 : x;

    /// <summary>The natural logarithm; <paramref name="least"/>, the least number that the result can hold, where there is none.</summary>
    public static float LogOr(float x, float least) => x <= 0 ? least : Elementary.Log(x);

    /// <summary>
    /// The error function by its Taylor series about the nearest of evenly spaced points: many times faster, and almost as exact.
    /// </summary>
    private static class ErfTable
    {
        /// <summary>Above the largest difference from <see cref="Erf"/>, several times.</summary>
        public const double Error = 4e-15;

        private const int PerUnit = 16, Terms = 10;

        private static readonly double[] Coefficients = Make();

        /// <summary>The function for arguments smaller than <see cref="FromHere1"/>.</summary>
        public static double Near(double x)
        {
            double a = Math.Abs(x);
            int point = (int)((a * PerUnit) + 0.5);
            double d = a - ((double)point / PerUnit), sum = 0;
            ReadOnlySpan<double> terms = Coefficients.AsSpan(point * Terms, Terms);
            for (int i = terms.Length - 1; i >= 0; i--)
                sum = (sum * d) + terms[i];
            return Math.CopySign(sum, x);
        }

        /// <summary>With g = 2/√π·e^(−x²) the derivatives of erf are g·p₁, g·p₂, ...: p₁ = 1, and pₙ₊₁ = −2x·pₙ − 2(n−1)·pₙ₋₁.</summary>
        private static double[] Make()
        {
            int points = ((int)FromHere1 * PerUnit) + 1;
            var result = new double[points * Terms];
            for (int point = 0; point < points; point++)
            {
                double x = (double)point / PerUnit, g = 2 / Math.Sqrt(Math.PI) * Elementary.Exp(-x * x), before = 0, p = 1, factorial = 1;
                result[point * Terms] = Erf(x);
                for (int n = 1; n < Terms; n++)
                {
                    factorial *= n;
                    result[(point * Terms) + n] = g * p / factorial;
                    (before, p) = (p, (-2 * x * p) - (2 * (n - 1) * before));
                }
            }
            return result;
        }
    }
}
