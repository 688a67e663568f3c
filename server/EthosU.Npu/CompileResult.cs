using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Performance;
using EthosU.Npu.Scheduling;

namespace EthosU.Npu;

/// <summary>A compiled model and what is known about it.</summary>
/// <param name="Graph">The model with <c>ethos-u</c> operators and memory plan, to be written as TensorFlow Lite.</param>
/// <param name="Findings">What stays on the CPU and why, and what costs.</param>
/// <param name="Placement">Where each node of the original model runs, in its order.</param>
/// <param name="Operations">What the NPU does, in order.</param>
/// <param name="Memory">Bytes needed.</param>
/// <param name="Estimate">Cycles of everything that the NPU does, in the order of the operations.</param>
public sealed record CompileResult(
    Graph Graph, ImmutableArray<Finding> Findings, ImmutableArray<NodePlacement> Placement, ImmutableArray<CompiledOperation> Operations,
    MemoryFigures Memory, NetworkEstimate Estimate)
{
    /// <summary>Where feature maps lie over time, in the order of their first step.</summary>
    public ImmutableArray<PlannedTensor> Tensors { get; init; } = [];

    /// <summary>Number of steps: each operator on the CPU and each operation of the NPU is one.</summary>
    public int StepCount { get; init; }

    /// <summary>Number of <c>ethos-u</c> operators.</summary>
    public int NpuOperatorCount => Placement.Where(p => p.NpuOperator is not null).Select(p => p.NpuOperator).Distinct().Count();

    /// <summary>True if no node stays on the CPU.</summary>
    public bool RunsEntirelyOnNpu => Placement.All(p => p.NpuOperator is not null);
}
