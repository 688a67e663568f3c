using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Pipeline.Converting;

/// <summary>How many operators of a name a model has.</summary>
/// <param name="Name">TensorFlow Lite's spelling.</param>
/// <param name="Count">How many.</param>
public sealed record OperatorCount(string Name, int Count)
{
    internal static ImmutableArray<OperatorCount> Of(Graph graph) =>
        [.. graph.Nodes.GroupBy(static node => node.Operator.Name).Select(static group => new OperatorCount(group.Key, group.Count()))
            .OrderByDescending(static count => count.Count).ThenBy(static count => count.Name, StringComparer.Ordinal)];
}
