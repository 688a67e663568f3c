using System.Collections.Immutable;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>What is decided together because all of it shares the memory: cascades, copies of weights, places.</summary>
/// <param name="Runs">The parts on the NPU with their operations, stripes among them.</param>
/// <param name="StepCount">Number of steps.</param>
/// <param name="Rolling">Rows of the tensors that are never whole in memory.</param>
/// <param name="Buffers">Copies of weights.</param>
/// <param name="Memory">The memory plan.</param>
/// <param name="Cycles">About how many cycles it takes: good enough to compare schedules.</param>
internal sealed record MemorySchedule(ImmutableArray<ScheduledRun> Runs, int StepCount, IReadOnlyDictionary<NpuTensor, int> Rolling,
    ImmutableArray<WeightBuffer> Buffers, MemoryPlan Memory, long Cycles)
{
    /// <summary>How the operations of each part are cut.</summary>
    public required ImmutableArray<ImmutableArray<Segment>> Segments { get; init; }

    /// <summary>Memory that copies of weights were allowed to fill.</summary>
    public required long Budget { get; init; }

    /// <summary>True if a larger budget may lead to another schedule.</summary>
    public required bool IsLimited { get; init; }
}
