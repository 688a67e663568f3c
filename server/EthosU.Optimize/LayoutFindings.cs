using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize;

/// <summary>Says which movements of elements are left in a graph, why, and what they cost.</summary>
internal static class LayoutFindings
{
    /// <param name="graph">The optimized graph.</param>
    /// <param name="options">What was asked for.</param>
    public static ImmutableArray<Finding> List(Graph graph, OptimizeOptions options)
    {
        var findings = ImmutableArray.CreateBuilder<Finding>();
        HashSet<Tensor> inputs = [.. graph.Inputs], outputs = [.. graph.Outputs];
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not Transpose && Arrangement.Of(node) is null)
                continue;
            Tensor x = node.Input(0);
            string cost = $"{node.Operator.Name} moves {x.Shape.ElementCount.ToString("N0", CultureInfo.InvariantCulture)} elements at "
                + $"each inference.";
            if (options.InputLayout == DataLayout.Nchw && inputs.Contains(x) && x.Shape.Rank == 4)
            {
                findings.Add(Make("layout-input-nchw", FindingSeverity.Warning, x,
                    $"Input '{x.Name}' keeps PyTorch's order of axes {x.Shape}, so a {cost}",
                    "Use --input-layout nhwc and hand images over with their channels last."));
            }
            else if (options.OutputLayout == DataLayout.Nchw && outputs.Contains(node.Output) && x.Shape.Rank == 4)
            {
                findings.Add(Make("layout-output-nchw", FindingSeverity.Warning, node.Output,
                    $"Output '{node.Output.Name}' keeps PyTorch's order of axes {node.Output.Shape}, so a {cost}",
                    "Use --output-layout nhwc and read the output with its channels last."));
            }
            else
            {
                findings.Add(Make("layout-movement-left", FindingSeverity.Info, node.Output,
                    $"A {cost}",
                    "The operators around it need different orders of axes or channels; docs/layout.md tells which do, and what to write "
                        + "instead."));
            }

            Finding Make(string rule, FindingSeverity severity, Tensor tensor, string reason, string advice) =>
                new(rule, severity, reason, advice, node.Source) { Operator = node.Operator.Name, Tensor = tensor.Name };
        }
        return findings.ToImmutable();
    }
}
