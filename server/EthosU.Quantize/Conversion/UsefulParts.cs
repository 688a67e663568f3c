using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>The parts of tensors' ranges that count, in a graph whose operators' types are chosen.</summary>
internal static class UsefulParts
{
    /// <summary>
    /// The part of each tensor's range that makes a difference to what reads it: a sigmoid in 8 bits gives its last step at 6.3, a RELU
    /// sees no difference between negative values. Saturation at an end of this part gives the right result.
    /// </summary>
    public static Dictionary<Tensor, ValueRange> Find(Graph graph, OperatorTypes types)
    {
        Dictionary<Tensor, ValueRange> useful = [];
        foreach (Tensor output in graph.Outputs)
            useful[output] = UsefulRange.Everything;
        foreach (Node node in graph.Nodes.Reverse())
        {
            ValueRange seen = types.Rule(node).Kind == RuleKind.Same
                && node.Operator is not (Pool2D { Kind: PoolKind.Average } or Resize { Kind: ResizeKind.Bilinear })
                ? node.Outputs.Select(output => useful.GetValueOrDefault(output)).Aggregate((a, b) => a.Union(b))
                : Seen(node, types);
            foreach (Tensor? input in node.Inputs)
                if (input is { IsConstant: false })
                    useful[input] = useful.TryGetValue(input, out ValueRange other) ? other.Union(seen) : seen;
        }
        return useful;
    }

    private static ValueRange Seen(Node node, OperatorTypes types) => types.Of(node) == ElementType.Int8 ? UsefulRange.Of(node.Operator)
        : UsefulRange.Everything;
}
