using System.Collections.Immutable;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>Memory to which the weights and scales of an operation are copied before it starts.</summary>
/// <param name="Users">Steps of the operation, or of its stripes, in order.</param>
/// <param name="Tensor">The memory.</param>
/// <param name="Range">From the step that may run while the copy begins to the last user.</param>
/// <param name="Saved">What the copy saves, in cycles.</param>
internal sealed record WeightBuffer(ImmutableArray<int> Users, NpuTensor Tensor, LiveRange Range, long Saved)
{
    /// <summary>The parts of the copy in order; the first begins with the first byte.</summary>
    public required ImmutableArray<WeightChunk> Chunks { get; init; }
}
