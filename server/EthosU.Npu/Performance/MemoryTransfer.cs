using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>A copy by DMA that belongs to an operation, other than of weights.</summary>
/// <param name="Source">Memory that is read.</param>
/// <param name="Destination">Memory that is written; null for the shared RAM (lookup tables).</param>
/// <param name="Bytes">Bytes of the copy.</param>
internal readonly record struct MemoryTransfer(MemoryKind Source, MemoryKind? Destination, long Bytes)
{
    /// <summary>Cycles that the copy takes (npu-scheduling 5.6).</summary>
    public long Cycles(Target target, CycleModel model)
    {
        long read = (long)(Bytes / target.BytesPerCycle(Source)) + target.Timing(Source).ReadLatency;
        if (Destination is not { } destination)
            return read;
        long write = (long)(Bytes / target.BytesPerCycle(destination))
            + (model != CycleModel.Vela3 ? target.Timing(destination).WriteLatency : 0);
        return Math.Max(read, write);
    }
}
