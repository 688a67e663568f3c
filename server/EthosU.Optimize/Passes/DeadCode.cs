using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>Removes nodes whose results nobody reads.</summary>
internal static class DeadCode
{
    public static Graph Run(Graph graph)
    {
        HashSet<Tensor> alive = [.. graph.Outputs];
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes.Reverse())
        {
            if (node.Outputs.Any(alive.Contains) || HasEffect(node))
                alive.UnionWith(node.Inputs.OfType<Tensor>());
            else
                patch.Remove(node);
        }
        return patch.Apply();
    }

    private static bool HasEffect(Node node) =>
        node.Operator is Custom or CallOnce or AssignVariable or If or While or OtherBuiltin
        || node.Inputs.Any(input => input is { IsVariable: true });
}
