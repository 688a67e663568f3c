using System.Collections.Immutable;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Pipeline.Compiling;

/// <summary>Estimated cost of one run of a compiled network on the NPU.</summary>
/// <param name="TotalCycles">Cycles of the NPU's clock.</param>
/// <param name="NpuCycles">Cycles in which it computes.</param>
/// <param name="SramCycles">Cycles of access to SRAM.</param>
/// <param name="DramCycles">Cycles of access to DRAM.</param>
/// <param name="OnChipFlashCycles">Cycles of access to flash on the chip.</param>
/// <param name="OffChipFlashCycles">Cycles of access to flash outside the chip.</param>
/// <param name="Macs">Multiplications and additions.</param>
/// <param name="Utilisation">Share of the possible multiplications that is used, 0 to 1.</param>
/// <param name="Milliseconds">Time of one run.</param>
public sealed record EstimateReport(long TotalCycles, long NpuCycles, long SramCycles, long DramCycles, long OnChipFlashCycles,
    long OffChipFlashCycles,
    long Macs, double Utilisation, double Milliseconds)
{
    /// <summary>Bytes that pass the memories in one run, for those that are used.</summary>
    public ImmutableArray<TrafficReport> Traffic { get; init; } = [];

    internal static EstimateReport Of(NetworkEstimate estimate) =>
        new(estimate.TotalCycles, estimate.NpuCycles, estimate.AccessCycles(MemoryKind.Sram),
        estimate.AccessCycles(MemoryKind.Dram), estimate.AccessCycles(MemoryKind.OnChipFlash),
        estimate.AccessCycles(MemoryKind.OffChipFlash),
        estimate.Macs, estimate.Utilisation, estimate.Seconds * 1000)
    {
        Traffic = [.. Enum.GetValues<MemoryKind>().Where(memory => estimate.Traffic(memory).Total > 0)
            .Select(memory => TrafficReport.Of(memory, estimate))],
    };
}
