using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Optimize.Passes;

/// <summary>Computes nodes whose operands are all constant, unless the result is much larger than they are.</summary>
internal static class ConstantFolding
{
    private const long AlwaysAllowed = 1 << 14; // bytes

    public static Graph Run(Graph graph, FoldingBudget budget, CancellationToken cancellation)
    {
        GraphPatch patch = new(graph);
        Dictionary<Tensor, Tensor> folded = [];
        foreach (Node node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (node.Inputs.Any(input => input is { IsConstant: false } && !folded.ContainsKey(input)))
                continue;
            Node known = node.WithInputs([.. node.Inputs.Select(input => input is null ? null : folded.GetValueOrDefault(input, input))]);
            if (known.Outputs.IsEmpty || known.Inputs.Any(input => input is { IsConstant: false }) || IsTooLarge(known))
                continue;
            if (TryEvaluate(known, budget) is not { } values)
                continue;
            patch.Remove(node);
            for (int i = 0; i < values.Length; i++)
            {
                Tensor constant = new(node.Outputs[i].Name, values[i], MovedQuantization.Of(known));
                folded[node.Outputs[i]] = constant;
                patch.Redirect(node.Outputs[i], constant);
            }
        }
        return patch.Apply();
    }

    /// <summary>Null if there is no kernel, or the operands make no sense (a division by 0), which is then said at run time.</summary>
    private static TensorData[]? TryEvaluate(Node node, FoldingBudget budget)
    {
        try
        {
            return ConstantEvaluator.TryEvaluate(node, budget);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsTooLarge(Node node)
    {
        long given = node.Inputs.Sum(input => (long)(input?.Data?.Bytes.Length ?? 0));
        long made = node.Outputs.Sum(output => output.Type.HasFixedSize() ? output.Type.ByteCount(output.Shape.ElementCount) : 0);
        return made > AlwaysAllowed && made > 2 * given;
    }
}
