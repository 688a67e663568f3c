using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>Puts the nodes of a graph into an order in which they can run; nodes already in order keep it.</summary>
internal static class NodeOrder
{
    /// <summary>The nodes, producers first.</summary>
    /// <param name="nodes">The nodes as the file has them.</param>
    /// <param name="error">Makes the exception for a node and what is wrong with it.</param>
    public static List<NodeProto> Sort(IReadOnlyList<NodeProto> nodes, Func<NodeProto, string, Exception> error)
    {
        Dictionary<string, int> producers = new(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Count; i++)
            foreach (string output in nodes[i].Output)
                if (output.Length > 0 && !producers.TryAdd(output, i))
                    throw error(nodes[i], $"its output '{output}' is computed by another node too");
        List<NodeProto> order = new(nodes.Count);
        var state = new byte[nodes.Count]; // 0 unseen, 1 waiting for operands, 2 placed
        Stack<(int Node, IEnumerator<int> Operands)> pending = new();
        for (int start = 0; start < nodes.Count; start++)
        {
            if (state[start] == 0)
                Enter(start);
            while (pending.TryPeek(out var top))
            {
                if (top.Operands.MoveNext())
                {
                    int source = top.Operands.Current;
                    if (state[source] == 1)
                        throw error(nodes[source], "the nodes form a cycle");
                    if (state[source] == 0)
                        Enter(source);
                    continue;
                }
                state[top.Node] = 2;
                order.Add(nodes[top.Node]);
                pending.Pop();
            }
        }
        return order;

        void Enter(int node)
        {
            state[node] = 1;
            pending.Push((node, Reads(nodes[node]).Where(producers.ContainsKey).Select(name => producers[name]).GetEnumerator()));
        }
    }

    /// <summary>The names that a node reads, also inside its subgraphs.</summary>
    public static IEnumerable<string> Reads(NodeProto node)
    {
        IEnumerable<string> names = node.Input.Where(name => name.Length > 0);
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.G is not { } graph)
                continue;
            HashSet<string> local =
                [.. graph.Input.Select(input => input.Name), .. graph.Initializer.Select(tensor => tensor.Name),
                .. graph.Node.SelectMany(inner => inner.Output)];
            names = names.Concat(graph.Node.SelectMany(Reads).Concat(graph.Output.Select(output => output.Name))
                .Where(name => !local.Contains(name)));
        }
        return names;
    }
}
