using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EthosU.Interpreter.Integer;

/// <summary>Facts about <see cref="DotKind"/>.</summary>
internal static class DotKinds
{
    /// <summary>The fastest kind that path and machine allow; null for the plain formula.</summary>
    /// <param name="path">The path asked for.</param>
    /// <param name="bytes">Activations and weights are signed bytes.</param>
    public static DotKind? Choose(KernelPath path, bool bytes) => path switch
    {
        KernelPath.Plain => null,
        KernelPath.Fastest when AvxVnni.IsSupported => bytes ? DotKind.AvxVnniBytes : DotKind.AvxVnniPairs,
        KernelPath.Fastest or KernelPath.Avx2 when Avx2.IsSupported => DotKind.Avx2Pairs,
        KernelPath.Fastest when Dp.IsSupported && bytes => DotKind.ArmBytes,
        _ => DotKind.PortablePairs,
    };

    public static bool TakesBytes(this DotKind kind) => kind is DotKind.AvxVnniBytes or DotKind.ArmBytes;

    /// <summary>Values along the depth in one 32-bit lane.</summary>
    public static int ValuesPerLane(this DotKind kind) => kind.TakesBytes() ? 4 : 2;

    /// <summary>What is added to int8 activations so that they become the kind's type.</summary>
    public static int Offset(this DotKind kind, int zeroPoint) => kind switch
    {
        DotKind.AvxVnniBytes => 128,
        DotKind.ArmBytes => 0,
        _ => -zeroPoint,
    };
}
