using EthosU.Graphs;
using EthosU.Npu.Targets;

namespace EthosU.Npu;

/// <summary>What to compile for.</summary>
/// <param name="Target">Accelerator, system and use of memories (<see cref="TargetCatalog.Resolve"/>).</param>
public sealed record CompileOptions(Target Target)
{
    /// <summary>
    /// What matters more: for <see cref="CompileGoal.Performance"/> the arena may grow, up to <see cref="Target.ArenaCacheSize"/>, for
    /// copies of weights that save cycles; for <see cref="CompileGoal.Size"/> they are made only where the feature maps leave room.
    /// </summary>
    public CompileGoal OptimiseFor { get; init; } = CompileGoal.Performance;

    /// <summary>
    /// Multiple of which the place in the arena is of every tensor that the CPU sees; a power of two, 16 at least. The arena itself must
    /// begin at such an address, too.
    /// </summary>
    public int CpuTensorAlignment { get; init; } = Memory.Allocator.Alignment;

    /// <summary>Names of nodes that stay on the CPU whatever the NPU can do.</summary>
    public IReadOnlyCollection<string> KeepOnCpu { get; init; } = [];

    /// <summary>Watches rewrites and stages; null: nobody does.</summary>
    public PassInstrumentation? Passes { get; init; }
}
