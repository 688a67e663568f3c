using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Compiling;

/// <summary>Takes the zero points of signed weights as 0; where the file says something else the results are others.</summary>
internal static class SymmetricWeights
{
    private const string Rule = "compile-symmetric-weights";

    /// <summary>The graph with such weights, and a remark on each tensor that had another zero point.</summary>
    public static (Graph Graph, ImmutableArray<FindingReport> Findings) Force(Graph graph)
    {
        GraphPatch patch = new(graph);
        Dictionary<Tensor, Tensor> symmetric = [];
        var findings = ImmutableArray.CreateBuilder<FindingReport>();
        foreach (Node node in graph.Nodes)
        {
            bool changes = false;
            var inputs = node.Inputs.ToArray();
            foreach (int i in Filters(node.Operator))
            {
                if (node.TryInput(i) is not { IsConstant: true, Type: ElementType.Int8 or ElementType.Int16, Quantization: { } q } weights
                    || q.ZeroPoints.All(static zero => zero == 0))
                    continue;
                if (!symmetric.TryGetValue(weights, out Tensor? same))
                {
                    symmetric.Add(weights, same = new(patch.MakeName(weights.Name), weights.Data!, WithoutZeroPoints(q)));
                    findings.Add(FindingReport.Of(new(Rule, FindingSeverity.Info,
                        $"The zero point of the weights '{weights.Name}' is {q.ZeroPoints.First(static zero => zero != 0)} in the file and "
                            + $"taken as 0.",
                        "Quantize the weights with zero point 0, the default of most tools; then nothing needs to be forced.", node.Source)
                    {
                        Operator = node.Operator.Name,
                        Tensor = weights.Name,
                    }));
                }
                inputs[i] = same;
                changes = true;
            }
            if (changes)
                patch.Replace(node, node.WithInputs([.. inputs]));
        }
        return (patch.Apply(), findings.ToImmutable());
    }

    private static IEnumerable<int> Filters(Operator op) => op switch
    {
        Conv2D or DepthwiseConv2D or TransposeConv or FullyConnected => [1],
        UnidirectionalSequenceLstm => Enumerable.Range(1, 8),
        _ => [],
    };

    private static Quantization WithoutZeroPoints(Quantization q) => q.IsPerAxis ? Quantization.PerAxisSymmetric(q.Scales, q.Axis)
        : Quantization.PerTensor(q.Scale, 0);
}
