using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>Whether a node's product can take a vector path.</summary>
internal static class VectorPath
{
    /// <summary>The kind of scalar product; null for the plain formula.</summary>
    public static DotKind? Choose(KernelPath path, Tensor x, int zero, int weightZero) =>
        x.Type == ElementType.Int16 && zero != 0 ? null : DotKinds.Choose(path, x.Type == ElementType.Int8 && weightZero == 0);
}
