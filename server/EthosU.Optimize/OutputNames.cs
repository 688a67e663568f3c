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
        graph = SeparateOutputs(graph, names);
        Dictionary<Tensor, Tensor> renamed = [];
        HashSet<Tensor> inputs = [.. graph.Inputs], seen = [];
        HashSet<string> inputNames = [.. inputs.Select(input => input.Name)];
        UniqueNames unique = new(names.Concat(inputNames));
        for (int i = 0; i < names.Length; i++)
        {
            Tensor output = graph.Outputs[i];
            if (!seen.Add(output) || inputs.Contains(output))
                continue;
            if (inputNames.Contains(names[i])) // an input's name, which that one keeps
                renamed.Add(output, output.WithName(unique.Make($"{names[i]}/output")));
            else if (output.Name != names[i])
                renamed.Add(output, output.WithName(names[i]));
        }
        if (renamed.Count == 0)
            return graph;
        HashSet<string> taken = [.. names];
        foreach (Tensor tensor in graph.Tensors) // another tensor that holds one of the names gives way
            if (taken.Contains(tensor.Name) && !renamed.ContainsKey(tensor) && !graph.IsOutput(tensor) && !inputs.Contains(tensor))
                renamed.Add(tensor, tensor.WithName(unique.Make($"{tensor.Name}/inner")));
        Tensor Map(Tensor tensor) => renamed.GetValueOrDefault(tensor, tensor);
        return graph.With(
            [.. graph.Nodes.Select(
                node => node.WithInputs([.. node.Inputs.Select(input => input is null ? null : Map(input))])
                    .WithOutputs([.. node.Outputs.Select(Map)]))],
            outputs: [.. graph.Outputs.Select(Map)]);
    }

    /// <summary>An output that is an input, or another output too, gets a tensor of its own.</summary>
    private static Graph SeparateOutputs(Graph graph, ImmutableArray<string> names)
    {
        Dictionary<Tensor, string> taken = graph.Inputs.ToDictionary(input => input, input => input.Name);
        Dictionary<string, Tensor> done = new(StringComparer.Ordinal);
        UniqueNames unique = new(graph.Tensors.Select(tensor => tensor.Name).Concat(names));
        List<Node> copies = [];
        var outputs = ImmutableArray.CreateBuilder<Tensor>();
        for (int i = 0; i < names.Length; i++)
        {
            Tensor output = done.GetValueOrDefault(names[i], graph.Outputs[i]);
            if (!taken.TryAdd(output, names[i]) && taken[output] != names[i])
            {
                Tensor copy = new(unique.Make($"{names[i]}/copy"), output.Type, output.Shape,
                    output.Quantization) { Origin = output.Origin };
                Tensor shape = new(unique.Make($"{names[i]}/shape"), TensorData.Vector<int>([.. output.Shape]));
                copies.Add(new Node(new Reshape(), [output, shape], [copy]));
                output = copy;
                taken.Add(copy, names[i]);
            }
            done[names[i]] = output;
            outputs.Add(output);
        }
        return copies.Count == 0 ? graph : graph.With([.. graph.Nodes, .. copies], outputs: outputs.ToImmutable());
    }
}
