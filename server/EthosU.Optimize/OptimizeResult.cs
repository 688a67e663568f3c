using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Optimize;

/// <summary>An optimized graph.</summary>
/// <param name="Graph">It computes what the graph given computes, up to rounding and the order of axes below.</param>
/// <param name="Findings">What a user should know.</param>
public sealed record OptimizeResult(Graph Graph, ImmutableArray<Finding> Findings)
{
    /// <summary>For each input: axis i of it is axis [i] of the input of the graph given; for most images 0, 2, 3, 1.</summary>
    public required ImmutableArray<ImmutableArray<int>> InputAxes { get; init; }

    /// <summary>For each output: axis i of it is axis [i] of the output of the graph given.</summary>
    public required ImmutableArray<ImmutableArray<int>> OutputAxes { get; init; }
}
