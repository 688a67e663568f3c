using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EthosU.Interpreter.Integer;

/// <summary>Pairs of 16-bit integers, multiplied and added by one instruction.</summary>
internal readonly struct AvxVnniPairDot : IDot
{
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> activations, Vector256<int> weights) =>
        AvxVnni.MultiplyWideningAndAdd(sum, activations.AsInt16(), weights.AsInt16());
}
