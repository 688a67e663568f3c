using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EthosU.Interpreter.Integer;

/// <summary>Signed bytes by signed bytes, on ARM with the dot product extension.</summary>
internal readonly struct ArmByteDot : IDot
{
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> activations, Vector256<int> weights) => Vector256.Create(
        Dp.DotProduct(sum.GetLower(), activations.GetLower().AsSByte(), weights.GetLower().AsSByte()),
        Dp.DotProduct(sum.GetUpper(), activations.GetUpper().AsSByte(), weights.GetUpper().AsSByte()));
}
