using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>Names under which callers of a model know its inputs and outputs.</summary>
/// <param name="Key">The signature's own name.</param>
/// <param name="InputNames">A name for each input of the graph, in the graph's order.</param>
/// <param name="OutputNames">A name for each output of the graph, in the graph's order.</param>
public sealed record Signature(string Key, ImmutableArray<string> InputNames, ImmutableArray<string> OutputNames)
{
    /// <summary>The signature of a graph that brings none: the key that runtimes expect, and the tensors' names.</summary>
    public static Signature Default(Graph graph) =>
        new("serving_default", [.. graph.Inputs.Select(tensor => tensor.Name)], [.. graph.Outputs.Select(tensor => tensor.Name)]);
}
