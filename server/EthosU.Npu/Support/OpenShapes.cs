using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>
/// Models with tensors whose sizes are known only at run time (npu-operators 1.3). An open batch is taken as the one image that the file
/// names.
/// </summary>
internal static class OpenShapes
{
    public const string Rule = "compile-dynamic-shape";

    /// <summary>Refuses such a model.</summary>
    /// <exception cref="UnsupportedModelException">An input has an open axis other than the batch, or an operator's result an axis that
    /// follows from data.</exception>
    public static void Refuse(Graph graph)
    {
        ImmutableArray<Finding> findings =
        [
            .. graph.Inputs.Where(input => input.OpenAxes.Any(axis => axis != 0))
                .Select(input => Explain(input, null, "An input")),
        ];
        bool openBatch = graph.Inputs.Any(input => !input.OpenAxes.IsEmpty);
        if (findings.IsEmpty)
            findings = [.. graph.Nodes.Where(node => !openBatch || FollowsFromData(node))
                .SelectMany(node => node.Outputs.Where(tensor => !tensor.OpenAxes.IsEmpty)
                .Select(tensor => Explain(tensor, node, "A result"))).Take(1)];
        if (!findings.IsEmpty)
            throw new UnsupportedModelException(findings);
    }

    private static bool FollowsFromData(Node node)
    {
        if (node.Operator is Where)
            return true;
        if (!ShapeInference.CanInfer(node.Operator) || node.Operator is Cast or Quantize or Dequantize)
            return false;
        try
        {
            _ = ShapeInference.Infer(node.Operator, node.Inputs, node.Outputs.Length);
            return false;
        }
        catch (InvalidGraphException e)
        {
            return e.IsUndecided;
        }
    }

    private static Finding Explain(Tensor tensor, Node? producer, string what)
    {
        string sizes = string
            .Join(", ", tensor.Shape.Sizes
            .Select((size, axis) => tensor.OpenAxes.Contains(axis) ? "?" : FormattableString.Invariant($"{size}")));
        return new(Rule, FindingSeverity.Error, $"{what}, '{tensor.Name}' [{sizes}], has a size that is known only at run time.",
            (producer is null ? $"Fix it: --dim {tensor.Name}:{tensor.OpenAxes.FirstOrDefault(axis => axis != 0)}=N. Or export "
                : "Export ") + "the model with fixed sizes: without dynamic axes and without operators whose results depend on data for "
                    + "their size.", producer?.Source ?? Source.None)
        {
            Operator = producer?.Operator.Name,
            Tensor = tensor.Name,
        };
    }
}
