using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Passes;

/// <summary>A TRANSPOSE of the last two axes before BATCH_MATMUL becomes the operator's own option.</summary>
internal static class MatMulTransposes
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not BatchMatMul matmul)
                continue;
            (Tensor x, bool swapX) = Untangle(graph, node.Input(0));
            (Tensor y, bool swapY) = Untangle(graph, node.Input(1));
            if (swapX || swapY)
                patch.Replace(node, node.WithOperator(matmul with { AdjX = matmul.AdjX ^ swapX, AdjY = matmul.AdjY ^ swapY })
                    .WithInputs([x, y]));
        }
        return patch.Apply();
    }

    private static (Tensor, bool) Untangle(Graph graph, Tensor tensor)
    {
        Node? producer = graph.Producer(tensor);
        if (producer?.Operator is not Transpose || Arrangement.Of(producer) is not { Rank: >= 2 } axes)
            return (tensor, false);
        int last = axes.Rank - 1;
        Arrangement swap = new([.. Enumerable.Range(0, last - 1), last, last - 1]);
        return axes == swap ? (producer.Input(0), true) : (tensor, false);
    }
}
