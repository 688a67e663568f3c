using System.Numerics;

namespace EthosU.Arithmetic;

/// <summary>Angles less a whole number of quarter turns, however large they are.</summary>
internal static class QuarterTurns
{
    private const int FractionBits = 256; // of π/2 and its inverse: singles have exponents up to 127, and the rest must be exact
    private const double Half = 1L << 19;

    // π/2 in three parts: products of the first two with whole numbers up to 2²⁰ are exact
    private const double Turn1 = 1.5707963267341256, Turn2 = 6.077100506303966e-11, Turn3 = 2.0222662487959506e-21;

    private static readonly Lazy<(BigInteger Quarter, BigInteger Inverse)> Exact = new(MakeExact);

    /// <summary>The rest, from −π/4 to π/4, and the quarter turns modulo 4.</summary>
    public static (double Angle, int Quarters) Reduce(float angle)
    {
        double x = angle;
        if (Math.Abs(x) < Half)
        {
            double k = Math.Round(x / 1.5707963267948966);
            return (x - (k * Turn1) - (k * Turn2) - (k * Turn3), (int)k & 3);
        }
        int bits = BitConverter.SingleToInt32Bits(angle), exponent = ((bits >> 23) & 255) - 150;
        BigInteger stored = (bits & 0x7FFFFF) | 0x800000, value = exponent >= 0 ? stored << exponent : stored >> -exponent;
        int lost = exponent < 0 ? (int)(stored & ((1 << -exponent) - 1)) : 0;
        BigInteger turns = (value << FractionBits) + (lost == 0 ? 0 : (BigInteger)lost << (FractionBits + exponent));
        BigInteger whole = ((turns * Exact.Value.Inverse) >> FractionBits) + (BigInteger.One << (FractionBits - 1)) >> FractionBits;
        BigInteger rest = turns - (whole * Exact.Value.Quarter);
        double r = Math.ScaleB((double)(rest >> (FractionBits - 80)), -80);
        int quarters = (int)(whole & 3);
        return angle < 0 ? (-r, -quarters & 3) : (r, quarters);
    }

    private static (BigInteger Quarter, BigInteger Inverse) MakeExact()
    {
        const int more = 256;
        BigInteger one = BigInteger.One << (FractionBits + more);
        BigInteger quarter = (4 * Arctangent(one, 5) - Arctangent(one, 239)) * 2; // Machin: π/4 = 4 arctan 1/5 − arctan 1/239
        return (quarter >> more, (one * one / quarter) >> more);
    }

    private static BigInteger Arctangent(BigInteger one, int inverse)
    {
        BigInteger power = one / inverse, sum = power;
        for (int n = 3, sign = -1; !power.IsZero; n += 2, sign = -sign)
        {
            power /= inverse * inverse;
            sum += sign * power / n;
        }
        return sum;
    }
}
