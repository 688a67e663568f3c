using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>Whether vector paths may be taken.</summary>
internal static class VectorPath
{
    /// <summary>True if results may be scaled in the vectors of the machine.</summary>
    public static bool TakesVectors(this KernelPath path) => path is KernelPath.Fastest or KernelPath.Avx2;

    /// <summary>The kind of scalar product of a node; null for the plain formula.</summary>
    public static DotKind? Choose(KernelPath path, Tensor x, int zero, int weightZero) =>
        x.Type == ElementType.Int16 && zero != 0 ? null : DotKinds.Choose(path, x.Type == ElementType.Int8 && weightZero == 0);
}
