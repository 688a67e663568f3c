using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// All decisions about a model: order, blocks, layouts, encoded weights, copies, places. What comes after reads it and decides nothing.
/// </summary>
internal sealed record Schedule
{
    /// <summary>The model as it is compiled.</summary>
    public required Graph Graph { get; init; }

    /// <summary>What it is compiled for.</summary>
    public required Target Target { get; init; }

    /// <summary>The nodes in the order of execution.</summary>
    public required ImmutableArray<Node> Order { get; init; }

    /// <summary>The parts on the NPU, in order.</summary>
    public required ImmutableArray<ScheduledRun> Runs { get; init; }

    /// <summary>Number of steps: nodes on the CPU and operations of the NPU.</summary>
    public required int StepCount { get; init; }

    /// <summary>Tensors in bricks of 16 channels; all others are linear.</summary>
    public required IReadOnlySet<NpuTensor> Bricks { get; init; }

    /// <summary>Rows of the tensors that are never whole in memory, but in a buffer addressed modulo its height.</summary>
    public required IReadOnlyDictionary<NpuTensor, int> Rolling { get; init; }

    /// <summary>Read-only data: weights and constant operands, tables.</summary>
    public required ReadOnlyArea Constants { get; init; }

    /// <summary>Encoded weights and their places in the read-only data.</summary>
    public required WeightStore Weights { get; init; }

    /// <summary>Copies of weights to fast memory; their places are in <see cref="Places"/>.</summary>
    public required ImmutableArray<WeightBuffer> Buffers { get; init; }

    /// <summary>The memory plan.</summary>
    public required MemoryPlan Memory { get; init; }

    /// <summary>Region and first byte of every tensor.</summary>
    public required IReadOnlyDictionary<NpuTensor, (int Region, long Address)> Places { get; init; }

    /// <summary>By step: where the weights of an operation are copied to before it runs.</summary>
    public Dictionary<int, (int Region, long Address)> CopiesOfWeights() =>
        Buffers.SelectMany(buffer => buffer.Users.Select(step => (step, Places[buffer.Tensor]))).ToDictionary();
}
