using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>Where elements are only moved, both sides hold the same value of the source model; both remember it.</summary>
internal static class Origins
{
    public static Graph Run(Graph graph)
    {
        Dictionary<Tensor, string> known = [];
        foreach (Tensor tensor in graph.Tensors)
            if (tensor is { Origin: { } origin, IsConstant: false })
                known[tensor] = origin;
        int before = known.Count;
        foreach (Node node in graph.Nodes)
            if (MovesOnly(node) && known.TryGetValue(node.Input(0), out string? origin))
                known.TryAdd(node.Output, origin);
        foreach (Node node in graph.Nodes.Reverse())
            if (MovesOnly(node) && known.TryGetValue(node.Output, out string? origin) && !node.Input(0).IsConstant)
                known.TryAdd(node.Input(0), origin);
        if (known.Count == before)
            return graph;
        Dictionary<Tensor, Tensor> renewed = known.Where(pair => pair.Key.Origin != pair.Value)
            .ToDictionary(pair => pair.Key, pair => pair.Key.WithOrigin(pair.Value));
        Tensor Map(Tensor tensor) => renewed.GetValueOrDefault(tensor, tensor);
        ImmutableArray<Node> nodes =
            [.. graph.Nodes.Select(
            node => node.WithInputs([.. node.Inputs.Select(t => t is null ? null : Map(t))]).WithOutputs([.. node.Outputs.Select(Map)]))];
        return graph.With(nodes, [.. graph.Inputs.Select(Map)], [.. graph.Outputs.Select(Map)]);
    }

    private static bool MovesOnly(Node node) => node.Operator is Transpose or Reshape or Squeeze or ExpandDims;
}
