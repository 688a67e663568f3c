using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>A RESHAPE that only drops the axes that a reduction leaves with size 1 becomes the reduction's own option.</summary>
internal static class ReducedReshapes
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not Reshape || graph.Producer(node.Input(0)) is not { Operator: Reduce { KeepDims: true } reduce } producer
                || !graph.HasSingleUse(producer.Output) || producer.TryInput(1)?.Data is not { } axes)
                continue;
            Shape shape = producer.Input(0).Shape;
            HashSet<int> gone = [.. axes.ToInt32Array().Select(shape.NormalizeAxis)];
            Shape rest = new([.. shape.Where((_, axis) => !gone.Contains(axis))]);
            if (rest != node.Output.Shape)
                continue;
            patch.Remove(producer);
            patch.Replace(node, producer.WithOperator(reduce with { KeepDims = false }).WithOutputs([node.Output]));
        }
        return patch.Apply();
    }
}
