using EthosU.Graphs;

namespace EthosU.Npu.Rewrites;

/// <summary>What is made of a model before its operators are placed: several operators that stand for one become that one.</summary>
internal static class ModelRewrites
{
    /// <summary>The graph to compile, and for each of the model's nodes that disappeared the node that does its work.</summary>
    /// <param name="model">The model.</param>
    /// <param name="kept">Names of nodes that must stay on the processor.</param>
    /// <param name="passes">Watches the rewrites; null: nobody does.</param>
    public static (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed) Apply(Graph model, IReadOnlyCollection<string>? kept = null,
        PassInstrumentation? passes = null)
    {
        Dictionary<Node, Node> absorbed = [];
        Graph graph = Run("dilated convolutions", model, DilationRewrite.Apply);
        graph = Run("widened inputs", graph, WideningRewrite.Apply);
        graph = Run("broadcast operands", graph, BroadcastRewrite.Apply);
        // Masks are the NPU's own: the processor's kernels take truth values.
        if (kept is not { Count: > 0 } || !graph.Nodes.Any(node => kept.Contains(node.Name)))
            graph = Run("truth values", graph, TruthRewrite.Apply);
        graph = Run("tables", graph, before => TableRewrite.Apply(before, kept ?? []));
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
                    absorbed.TryAdd(node, by);
                return after;
            }
        }
    }
}
