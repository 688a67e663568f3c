using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Optimize;

/// <summary>Gives a graph's outputs their users' names again, after rewriting has put other tensors there.</summary>
internal static class OutputNames
{
    /// <param name="graph">The rewritten graph.</param>
    /// <param name="names">The outputs' names.</param>
    public static Graph Restore(Graph graph, ImmutableArray<string> names)
    {
        Dictionary<Tensor, Tensor> renamed = [];
        HashSet<Tensor> inputs = [.. graph.Inputs];
        for (int i = 0; i < names.Length; i++)
        {
            Tensor output = graph.Outputs[i];
            if (output.Name != names[i] && !inputs.Contains(output) && !graph.Outputs.Take(i).Contains(output))
                renamed.Add(output, output.WithName(names[i]));
        }
        if (renamed.Count == 0)
            return graph;
        UniqueNames unique = new(names.Concat(inputs.Select(input => input.Name)));
        HashSet<string> taken = [.. names];
        foreach (Tensor tensor in graph.Tensors) // another tensor that holds one of the names gives way
            if (taken.Contains(tensor.Name) && !renamed.ContainsKey(tensor) && !graph.Outputs.Contains(tensor) && !inputs.Contains(tensor))
                renamed.Add(tensor, tensor.WithName(unique.Make($"{tensor.Name}/inner")));
        Tensor Map(Tensor tensor) => renamed.GetValueOrDefault(tensor, tensor);
        return graph.With(
            [.. graph.Nodes.Select(node => node.WithInputs([.. node.Inputs.Select(input => input is null ? null : Map(input))]).WithOutputs([.. node.Outputs.Select(Map)]))],
            outputs: [.. graph.Outputs.Select(Map)]);
    }
}
