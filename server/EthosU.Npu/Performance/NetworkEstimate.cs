using System.Collections.Immutable;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>The estimated time of an inference: the sums over its operations.</summary>
/// <param name="Target">What it runs on.</param>
/// <param name="Operations">The operations in order.</param>
public sealed record NetworkEstimate(Target Target, ImmutableArray<OperationEstimate> Operations)
{
    /// <summary>Cycles of the accelerator.</summary>
    public long NpuCycles => Operations.Sum(o => o.NpuCycles);

    /// <summary>Cycles in all.</summary>
    public long TotalCycles => Operations.Sum(o => o.TotalCycles);

    /// <summary>Multiply-accumulates.</summary>
    public long Macs => Operations.Sum(o => o.Macs);

    /// <summary>Seconds of an inference.</summary>
    public double Seconds => TotalCycles / Target.System.CoreClock;

    /// <summary>Share of the multiply-accumulate units that is at work on average, 0 to 1.</summary>
    public double Utilisation => TotalCycles == 0 ? 0 : Macs / ((double)TotalCycles * Target.Accelerator.MacsPerCycle);

    /// <summary>Cycles that a memory needs.</summary>
    public long AccessCycles(MemoryKind memory) => Operations.Sum(o => o.AccessCycles[(int)memory]);

    /// <summary>Bytes that pass a memory.</summary>
    public MemoryTraffic Traffic(MemoryKind memory) =>
        Operations.Aggregate(default(MemoryTraffic), (sum, o) => sum + o.Traffic[(int)memory]);

    /// <summary>Average rate at a memory, in bytes per second.</summary>
    public double BytesPerSecond(MemoryKind memory) => TotalCycles == 0 ? 0 : Traffic(memory).Total / Seconds;
}
