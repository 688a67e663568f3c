using System.Runtime.Intrinsics;

namespace EthosU.Interpreter.Integer;

/// <summary>Pairs of 16-bit integers on any machine: the low and the high halves of the lanes apart.</summary>
internal readonly struct PortablePairDot : IDot
{
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> activations, Vector256<int> weights) =>
        sum + (((activations << 16) >> 16) * ((weights << 16) >> 16)) + ((activations >> 16) * (weights >> 16));
}
