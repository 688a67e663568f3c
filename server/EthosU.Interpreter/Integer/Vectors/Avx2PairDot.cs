using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EthosU.Interpreter.Integer;

/// <summary>Pairs of 16-bit integers.</summary>
internal readonly struct Avx2PairDot : IDot
{
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> activations, Vector256<int> weights) =>
        sum + Avx2.MultiplyAddAdjacent(activations.AsInt16(), weights.AsInt16());
}
