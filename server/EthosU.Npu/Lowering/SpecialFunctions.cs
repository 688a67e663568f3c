namespace EthosU.Npu.Lowering;

/// <summary>Functions that the runtime library does not have; to the last bit those of the interpreter.</summary>
internal static class SpecialFunctions
{
    /// <summary>The Gaussian error linear unit.</summary>
    public static float Gelu(float x, bool approximate) => approximate
        ? 0.5f * x * (1 + MathF.Tanh(MathF.Sqrt(2 / MathF.PI) * (x + (0.044715f * x * x * x))))
        : (float)(0.5 * x * (1 + Erf(x * Math.Sqrt(0.5))));

    /// <summary>The error function: the power series near 0, the continued fraction of its complement elsewhere.</summary>
    private static double Erf(double x)
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
}
