using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>
/// MUL, ADD and the like by constants, one for each channel, as batch normalization leaves them, go into the weights and bias of
/// the convolution or linear layer before or behind them.
/// </summary>
internal static class ScaleFolding
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (patch.Touches(node) || ChannelScale.Of(node) is not { } scale)
                continue;
            if (graph.HasSingleUse(scale.Input) && graph.Producer(scale.Input) is { Operator.Activation: FusedActivation.None } before
                && !patch.Touches(before) && LinearNode.Of(before) is { } producer)
            {
                Node scaled = producer.ScaleOutput(patch, scale.Factor, scale.Offset, node.Output);
                patch.Remove(before);
                patch.Replace(node, scaled.WithOperator(scaled.Operator with { Activation = node.Operator.Activation }));
            }
            else if (node.Operator.Activation == FusedActivation.None && graph.HasSingleUse(node.Output)
                && graph.Consumers(node.Output)[0] is var after && !patch.Touches(after)
                && LinearNode.Of(after) is { } consumer && consumer.Input == node.Output
                && consumer.ScaleInput(patch, scale.Input, scale.Factor, scale.Offset) is { } folded)
            {
                patch.Remove(node);
                patch.Replace(after, folded);
            }
        }
        return patch.Apply();
    }
}
