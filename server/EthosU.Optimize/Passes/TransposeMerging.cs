using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Passes;

/// <summary>Two TRANSPOSE in a row become one, or nothing.</summary>
internal static class TransposeMerging
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        Dictionary<Tensor, (Tensor Source, Arrangement Axes)> known = [];
        foreach (Node node in graph.Nodes)
        {
            if (Arrangement.Of(node) is not { HasOrders: false } axes)
                continue;
            (Tensor source, Arrangement all) = (node.Input(0), axes);
            if (known.TryGetValue(source, out var first))
                (source, all) = (first.Source, first.Axes.Then(axes));
            known[node.Output] = (source, all);
            if (all.IsIdentity)
            {
                patch.Remove(node);
                patch.Redirect(node.Output, source);
            }
            else if (source != node.Input(0))
            {
                Tensor order = new(patch.MakeName($"{node.Output.Name}/axes"), TensorData.Vector<int>(all.Axes.AsSpan()));
                patch.Replace(node, new Node(new Transpose(), [source, order], node.Outputs, node.Source));
            }
        }
        return patch.Apply();
    }
}
