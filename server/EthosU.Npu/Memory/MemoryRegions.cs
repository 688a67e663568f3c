using EthosU.Npu.Targets;

namespace EthosU.Npu.Memory;

/// <summary>What the regions of a command stream mean: the driver gives each the start of one operand (npu-commands 1).</summary>
public static class MemoryRegions
{
    /// <summary>Weights, scales, tables and other constants; only read.</summary>
    public const int ReadOnly = 0;

    /// <summary>The tensor arena.</summary>
    public const int Arena = 1;

    /// <summary>The fast memory beside the arena; where a target has none, the arena once more.</summary>
    public const int Fast = 2;

    /// <summary>The memory in which a region lies.</summary>
    /// <param name="target">What the stream is for.</param>
    /// <param name="region">The region.</param>
    public static MemoryKind MemoryOf(this Target target, int region) => region switch
    {
        ReadOnly => target.ConstMemory,
        Fast when target.IsSpilling => target.CacheMemory,
        _ => target.ArenaMemory,
    };
}
