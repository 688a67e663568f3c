using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EthosU.Interpreter.Integer;

/// <summary>Unsigned bytes by signed bytes.</summary>
internal readonly struct AvxVnniByteDot : IDot
{
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> activations, Vector256<int> weights) =>
        AvxVnni.MultiplyWideningAndAdd(sum, activations.AsByte(), weights.AsSByte());
}
