using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Passes;

/// <summary>
/// SQUEEZE, EXPAND_DIMS and TRANSPOSE of axes of size 1 become RESHAPE; of several RESHAPE in a row the last is kept; those that
/// change nothing vanish.
/// </summary>
internal static class ReshapeMerging
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        Dictionary<Tensor, Tensor> sources = [];
        foreach (Node node in graph.Nodes)
        {
            if (!IsReshape(node))
                continue;
            Tensor given = node.Input(0), output = node.Output;
            Tensor source = sources.GetValueOrDefault(given, given);
            sources[output] = source;
            if (source.Shape == output.Shape && source.Type == output.Type)
            {
                patch.Remove(node);
                patch.Redirect(output, source);
            }
            else if (source != given || node.Operator is not Reshape || node.TryInput(1) is not { Data.Type: ElementType.Int32 } shape
                || !IsExact(shape.Data!, output.Shape))
            {
                Tensor target = new(patch.MakeName($"{output.Name}/shape"), TensorData.Vector<int>([.. output.Shape]));
                patch.Replace(node, new Node(new Reshape(), [source, target], [output], node.Source));
            }
        }
        return patch.Apply();
    }

    private static bool IsReshape(Node node) =>
        node.Operator is Reshape or Squeeze or ExpandDims
        || (node.Operator is Transpose && Arrangement.Of(node) is { } axes && axes.KeepsOrder(node.Input(0).Shape));

    private static bool IsExact(TensorData shape, Shape wanted) => shape.ToInt32Array().AsSpan().SequenceEqual(wanted.Sizes.AsSpan());
}
