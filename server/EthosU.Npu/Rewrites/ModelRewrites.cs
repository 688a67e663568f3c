using EthosU.Graphs;

namespace EthosU.Npu.Rewrites;

/// <summary>What is made of a model before its operators are placed: several operators that stand for one become that one.</summary>
internal static class ModelRewrites
{
    /// <summary>The graph to compile, and for each of the model's nodes that disappeared the node that does its work.</summary>
    /// <param name="model">The model.</param>
    /// <param name="passes">Watches the rewrites; null: nobody does.</param>
    /// <param name="keepOnCpu">Names of nodes that stay on the processor.</param>
    public static (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed) Apply(
        Graph model, PassInstrumentation? passes = null, IReadOnlyCollection<string>? keepOnCpu = null)
    {
        Dictionary<Node, Node> absorbed = [];
        Graph graph = Run("dilated convolutions", model, DilationRewrite.Apply);
        graph = Run("widened inputs", graph, WideningRewrite.Apply);
        graph = Run("broadcast operands", graph, BroadcastRewrite.Apply);
        graph = Run("tables", graph, before => TableRewrite.Apply(before, keepOnCpu ?? []));
        // Masks are the NPU's own: the processor's kernels take truth values.
        if (keepOnCpu is not { Count: > 0 } || !graph.Nodes.Any(node => keepOnCpu.Contains(node.Name)))
            graph = Run("truth values", graph, TruthRewrite.Apply);
        return (graph, absorbed);

        Graph Run(string name, Graph before, Func<Graph, (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed)> rewrite)
        {
            return passes is null ? Rewrite(before) : passes.Run(name, before, Rewrite);

            Graph Rewrite(Graph graph)
            {
                (Graph after, IReadOnlyDictionary<Node, Node> gone) = rewrite(graph);
                foreach (Node node in absorbed.Keys.Where(node => gone.ContainsKey(absorbed[node])).ToArray())
                    absorbed[node] = gone[absorbed[node]];
                foreach ((Node node, Node by) in gone)
                    absorbed[node] = by;
                return after;
            }
        }
    }
}
