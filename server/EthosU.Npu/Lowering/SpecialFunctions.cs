namespace EthosU.Npu.Lowering;

/// <summary>Functions that the runtime library does not have.</summary>
internal static class SpecialFunctions
{
    /// <summary>1 − erf(x), absolutely exact to about 1e−15.</summary>
    public static double ComplementaryError(double x)
    {
        if (Math.Abs(x) > 6)
            return x > 0 ? 0 : 2;
        // erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·5···(2n+1))
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }
        return 1 - (2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum);
    }
}
