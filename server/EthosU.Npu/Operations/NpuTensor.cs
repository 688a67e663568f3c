using EthosU.Graphs;

namespace EthosU.Npu.Operations;

/// <summary>Storage that NPU operations read and write: one piece of memory with one layout. Identity is the reference.</summary>
/// <param name="name">The user's name of the tensor, or one derived from it.</param>
/// <param name="type">Element type.</param>
/// <param name="shape">Shape of the stored elements, innermost axis last.</param>
/// <param name="role">Who else sees it.</param>
internal sealed class NpuTensor(string name, ElementType type, Shape shape, NpuTensorRole role)
{
    public string Name { get; } = name;

    public ElementType Type { get; } = type;

    public Shape Shape { get; } = shape;

    public NpuTensorRole Role { get; } = role;

    /// <summary>The tensor of the model that this is; null for one that only the NPU knows.</summary>
    public Tensor? Source { get; init; }

    /// <summary>The elements of a constant, little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Number of rows when seen as [H, W, C]: all axes before the last two.</summary>
    public int Height => checked((int)(Shape.ElementCount / Math.Max(1, (long)Width * Depth)));

    /// <summary>Columns when seen as [H, W, C].</summary>
    public int Width => Shape.Rank >= 2 ? Shape[-2] : 1;

    /// <summary>Channels when seen as [H, W, C].</summary>
    public int Depth => Shape.Rank >= 1 ? Shape[-1] : 1;

    /// <summary>Bytes of the linear layout.</summary>
    public long LinearBytes => Type.ByteCount(Shape.ElementCount);

    public override string ToString() => $"{Name} {Type.DisplayName()}{Shape}";
}
