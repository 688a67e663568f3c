namespace EthosU.Npu;

/// <summary>Memory that a compiled model needs, in bytes.</summary>
/// <param name="ArenaBytes">The tensor arena as planned: feature maps of CPU and NPU.</param>
/// <param name="FastBytes">Fast memory beside the arena; 0 where the memory mode has none.</param>
/// <param name="ReadOnlyBytes">Weights, scales, tables and constants of the NPU.</param>
/// <param name="CommandBytes">Command streams.</param>
/// <param name="LargestStepBytes">The most that feature maps need at one moment: no placement can do with less.</param>
public sealed record MemoryFigures(long ArenaBytes, long FastBytes, long ReadOnlyBytes, long CommandBytes, long LargestStepBytes)
{
    /// <summary>Bytes of on-chip SRAM: arena and fast memory, those of the two that lie there.</summary>
    public long SramBytes { get; init; }

    /// <summary>Bytes of flash: read-only data and command streams.</summary>
    public long FlashBytes => ReadOnlyBytes + CommandBytes;
}
