namespace EthosU.Npu.Commands;

/// <summary>The block of the output that is worked on at once, all cores together.</summary>
/// <param name="Height">Rows, up to 32.</param>
/// <param name="Width">Columns, up to 64.</param>
/// <param name="Depth">Channels, up to 128.</param>
public readonly record struct OfmBlock(int Height, int Width, int Depth)
{
    /// <summary>Channels of a block that a core works on (npu-commands, section 7.3.2).</summary>
    public int DepthOfCore(int core, int cores) => (Depth + cores - 1 - core) / cores;
}
