using EthosU.Npu.Targets;

namespace EthosU.Npu;

/// <summary>What to compile for.</summary>
/// <param name="Target">Accelerator, system and use of memories (<see cref="TargetCatalog.Resolve"/>).</param>
public sealed record CompileOptions(Target Target)
{
    /// <summary>What matters more. Without cascades and weight buffers, which trade memory for cycles, both give the same result.</summary>
    public CompileGoal OptimiseFor { get; init; } = CompileGoal.Performance;

    /// <summary>Names of nodes that stay on the CPU whatever the NPU can do.</summary>
    public IReadOnlyCollection<string> KeepOnCpu { get; init; } = [];
}
