using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EthosU.Simulator;

/// <summary>Products of 16-bit numbers, summed in pairs: in which pairs is left to the machine, as only the sum of all is used.</summary>
internal static class PairProducts
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Of(Vector256<short> a, Vector256<short> b)
    {
        if (Avx2.IsSupported)
            return Avx2.MultiplyAddAdjacent(a, b);
        (Vector256<int> a0, Vector256<int> a1) = Vector256.Widen(a);
        (Vector256<int> b0, Vector256<int> b1) = Vector256.Widen(b);
        return a0 * b0 + a1 * b1;
    }
}
