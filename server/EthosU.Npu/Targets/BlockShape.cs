namespace EthosU.Npu.Targets;

/// <summary>Height, width and depth of a block of a feature map, in elements.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Depth">Channels.</param>
public readonly record struct BlockShape(int Height, int Width, int Depth)
{
    /// <summary>Number of elements.</summary>
    public long ElementCount => (long)Height * Width * Depth;

    /// <summary>The smaller size along each axis.</summary>
    public BlockShape Min(BlockShape other) =>
        new(Math.Min(Height, other.Height), Math.Min(Width, other.Width), Math.Min(Depth, other.Depth));

    /// <summary>Channels of a block that a core works on (npu-commands 7.3.2).</summary>
    /// <param name="core">Number of the core, from 0.</param>
    /// <param name="cores">Number of cores.</param>
    public int DepthOfCore(int core, int cores) => (Depth + cores - 1 - core) / cores;

    /// <summary>Height x width x depth: <c>16x16x32</c>.</summary>
    public override string ToString() => $"{Height}x{Width}x{Depth}";
}
