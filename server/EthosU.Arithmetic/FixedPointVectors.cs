using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EthosU.Arithmetic;

/// <summary>What <see cref="FixedPoint"/> defines, in eight lanes; for processors with AVX2.</summary>
public static class FixedPointVectors
{
    /// <summary>True if this processor has the instructions.</summary>
    public static bool AreSupported => Avx2.IsSupported;

    /// <summary><see cref="FixedPoint.MultiplyHigh"/>, for factors that are not −2³¹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyHigh(Vector256<int> x, Vector256<int> factor)
    {
        var half = Vector256.Create(1L << 30);
        Vector256<long> even = Avx2.Multiply(x, factor) + half;
        Vector256<long> odd = Avx2.Multiply((x.AsInt64() >>> 32).AsInt32(), (factor.AsInt64() >>> 32).AsInt32()) + half;
        return Avx2.Blend((even >>> 31).AsInt32(), (odd << 1).AsInt32(), 0b10101010);
    }

    /// <summary><see cref="FixedPoint.DivideByPowerOfTwo"/>.</summary>
    /// <param name="x">Dividends.</param>
    /// <param name="n">Exponents, 0..31.</param>
    /// <param name="masks">2^n − 1.</param>
    /// <param name="halves">Half of the masks, rounded down.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> DivideByPowerOfTwo(Vector256<int> x, Vector256<int> n, Vector256<int> masks, Vector256<int> halves)
    {
        Vector256<int> rest = x & masks, threshold = halves - (x >> 31);
        return Avx2.ShiftRightArithmeticVariable(x, n.AsUInt32()) - Vector256.GreaterThan(rest, threshold);
    }
}
