using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>Places of all tensors but constants.</summary>
/// <param name="Places">Region and first byte of what only the NPU knows.</param>
/// <param name="Offsets">First byte in the arena of tensors of the model.</param>
/// <param name="ArenaSize">Bytes of the arena.</param>
/// <param name="FastSize">Bytes of the fast memory beside the arena.</param>
/// <param name="LargestStep">The most bytes needed at one step.</param>
/// <param name="Tensors">All of them with their times, in the order of their first use.</param>
internal sealed record MemoryPlan(
    IReadOnlyDictionary<NpuTensor, (int Region, long Address)> Places, IReadOnlyDictionary<Tensor, long> Offsets, long ArenaSize,
    long FastSize, long LargestStep,
    ImmutableArray<PlannedTensor> Tensors);
