using System.Collections.Frozen;
using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Where the operators of a graph run, and what to say about it.</summary>
/// <param name="Placements">For each node of the graph.</param>
/// <param name="Findings">
/// Warnings for operators on the processor, one for each reason; remarks on operators that the accelerator runs at a cost.
/// In the order of the nodes.
/// </param>
public sealed record SupportReport(FrozenDictionary<Node, Placement> Placements, ImmutableArray<Finding> Findings)
{
    /// <summary>True if all operators run on the accelerator.</summary>
    public bool RunsOnNpuOnly => Placements.Values.All(p => p == Placement.Npu);
}
