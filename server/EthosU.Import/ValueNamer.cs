using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>Gives tensors the names of the source's values that they are, and remembers which value's elements they hold.</summary>
public static class ValueNamer
{
    /// <summary>The graph with the user's names.</summary>
    /// <param name="graph">The graph as built, without outputs.</param>
    /// <param name="values">The tensors of the source's values.</param>
    /// <param name="integers">Values that hold integers in the model; a tensor that is a value of reals too has that one's name.</param>
    /// <param name="outputs">The model's outputs.</param>
    public static Graph Apply(Graph graph, IReadOnlyDictionary<string, Tensor> values, IReadOnlyCollection<string> integers,
        IReadOnlyList<(string Name, Tensor Tensor)> outputs)
    {
        Dictionary<Tensor, string> names = [];
        foreach ((string name, Tensor tensor) in outputs)
            if (graph.Producer(tensor) is not null)
                names.TryAdd(tensor, name);
        HashSet<string> stored = [.. integers];
        foreach ((string name, Tensor tensor) in values.Where(value => !stored.Contains(value.Key))
            .Concat(values.Where(value => stored.Contains(value.Key))))
            if (graph.Producer(tensor) is not null)
                names.TryAdd(tensor, name);

        Dictionary<Tensor, string> origins = new(names);
        foreach (Node node in graph.Nodes.Reverse())
            if (node.Operator is Transpose or Reshape && origins.TryGetValue(node.Output, out string? origin))
                origins.TryAdd(node.Input(0), origin);

        UniqueNames unique = new(names.Values.Concat(graph.Inputs.Select(input => input.Name)));
        Dictionary<Tensor, Tensor> renamed = [];
        foreach (Tensor input in graph.Inputs)
            renamed[input] = input.WithOrigin(input.Name);
        List<Node> nodes = [];
        foreach (Node node in graph.Nodes)
        {
            foreach (Tensor output in node.Outputs)
                renamed[output] = output.WithName(names.GetValueOrDefault(output) ?? unique.Make(output.Name))
                    .WithOrigin(origins.GetValueOrDefault(output));
            nodes.Add(node.WithInputs([.. node.Inputs.Select(input => input is null ? null : Map(input))])
                .WithOutputs([.. node.Outputs.Select(output => renamed[output])]));
        }
        return graph.With([.. nodes], [.. graph.Inputs.Select(Map)], [.. outputs.Select(output => Map(output.Tensor))]);

        Tensor Map(Tensor tensor)
        {
            if (!renamed.TryGetValue(tensor, out Tensor? result))
                renamed[tensor] = result = tensor.WithName(unique.Make(tensor.Name));
            return result;
        }
    }
}
