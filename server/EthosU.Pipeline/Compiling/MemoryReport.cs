using EthosU.Npu;

namespace EthosU.Pipeline.Compiling;

/// <summary>Memory that a compiled model needs, in bytes.</summary>
/// <param name="ArenaBytes">The tensor arena as planned: feature maps of CPU and NPU.</param>
/// <param name="FastBytes">Fast memory beside the arena; 0 where the memory mode has none.</param>
/// <param name="ReadOnlyBytes">Weights, scales, tables and constants of the NPU.</param>
/// <param name="CommandBytes">Command streams.</param>
/// <param name="LargestStepBytes">The most that feature maps need at one moment: no placement can do with less.</param>
/// <param name="SramBytes">On-chip SRAM: arena and fast memory, those of the two that lie there.</param>
public sealed record MemoryReport(long ArenaBytes, long FastBytes, long ReadOnlyBytes, long CommandBytes, long LargestStepBytes,
    long SramBytes)
{
    /// <summary>Bytes of flash: read-only data and command streams.</summary>
    public long FlashBytes => ReadOnlyBytes + CommandBytes;

    internal static MemoryReport Of(MemoryFigures memory) =>
        new(memory.ArenaBytes, memory.FastBytes, memory.ReadOnlyBytes, memory.CommandBytes, memory.LargestStepBytes, memory.SramBytes);
}
