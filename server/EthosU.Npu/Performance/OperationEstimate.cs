using System.Collections.Immutable;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>The estimated time of an operation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NpuCycles">Cycles of the accelerator, with the copies that it waits for.</param>
/// <param name="AccessCycles">Cycles that each memory needs, by <see cref="MemoryKind"/>.</param>
/// <param name="Traffic">Bytes at each memory, by <see cref="MemoryKind"/>.</param>
/// <param name="Macs">Multiply-accumulates.</param>
public sealed record OperationEstimate(
    string Name, long NpuCycles, ImmutableArray<long> AccessCycles, ImmutableArray<MemoryTraffic> Traffic, long Macs)
{
    /// <summary>
    /// Cycles by which the inference is longer because of the operation; null where the slowest of accelerator and memories says it.
    /// </summary>
    public long? Elapsed { get; init; }

    /// <summary>Cycles in all: those of the slowest of accelerator and memories, and what it waits for copies.</summary>
    public long TotalCycles => Elapsed ?? Math.Max(NpuCycles, AccessCycles.Max());

    /// <summary>Share of the multiply-accumulate units that is at work on average, 0 to 1.</summary>
    /// <param name="accelerator">The accelerator.</param>
    public double Utilisation(Accelerator accelerator) => TotalCycles == 0 ? 0 : Macs / ((double)TotalCycles * accelerator.MacsPerCycle);
}
