using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Quantize.Conversion;

/// <summary>Computes what depends on constants only, so that weights are constants whether or not the graph was optimised.</summary>
internal static class ConstantFolding
{
    public static Graph Apply(Graph graph, FoldingBudget? budget = null, CancellationToken cancellation = default)
    {
        budget ??= new();
        HashSet<Tensor> outputs = [.. graph.Outputs];
        Dictionary<Tensor, Tensor> folded = [];
        List<Node> nodes = [];
        foreach (Node node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            Node current = node.Inputs.Any(input => input is not null && folded.ContainsKey(input))
                ? node.WithInputs(
                [.. node.Inputs.Select(input => input is not null && folded.TryGetValue(input, out Tensor? value) ? value : input)])
                : node;
            bool isOutput = current.Outputs.IsEmpty || current.Outputs.Any(outputs.Contains);
            if (!isOutput && current.Inputs.All(input => input is null or { IsConstant: true })
                && ConstantEvaluator.TryEvaluate(current, budget) is { } results)
            {
                for (int i = 0; i < results.Length; i++)
                    folded[current.Outputs[i]] = new Tensor(current.Outputs[i].Name, results[i], MovedQuantization.Of(current));
            }
            else
            {
                nodes.Add(current);
            }
        }
        return folded.Count == 0 ? graph : graph.With(nodes: [.. nodes]);
    }
}
