using EthosU.Graphs;

namespace EthosU.Npu.Rewrites;

/// <summary>What is made of a model before its operators are placed: several operators that stand for one become that one.</summary>
internal static class ModelRewrites
{
    /// <summary>The graph to compile, and for each of the model's nodes that disappeared the node that does its work.</summary>
    public static (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed) Apply(Graph model)
    {
        (Graph graph, IReadOnlyDictionary<Node, Node> dilated) = DilationRewrite.Apply(model);
        (graph, IReadOnlyDictionary<Node, Node> widened) = WideningRewrite.Apply(graph);
        return widened.Count == 0 ? (graph, dilated) : (graph, dilated.Concat(widened).ToDictionary());
    }
}
