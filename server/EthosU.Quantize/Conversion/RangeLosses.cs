using System.Globalization;
using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>Says where values of a small range share the scale of a large one, so that little is left of them.</summary>
internal static class RangeLosses
{
    private const float FewestSteps = 16; // 4 bits

    /// <summary>The findings for a quantized graph.</summary>
    /// <param name="graph">The graph in real numbers.</param>
    /// <param name="plan">Its quantization.</param>
    public static IEnumerable<Finding> Find(Graph graph, QuantizationPlan plan)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Outputs.Length != 1 || node.Output.Type != ElementType.Float32 || plan.StoredType(node.Output) != ElementType.Int8
                || plan.MeasuredRange(node.Output) is not { } result)
                continue;
            float scale = plan.Parameters(node.Output, ElementType.Int8).Scale;
            switch (node.Operator)
            {
                case Concatenation or Pack or Binary { Kind: BinaryKind.Add or BinaryKind.Sub }:
                    List<(Tensor Tensor, ValueRange Range)> lost = []; // what a mean is, is small beside what it is the mean of
                    foreach (Tensor operand in node.Inputs.OfType<Tensor>()
                        .Where(operand => !operand.IsConstant && operand.Type == ElementType.Float32).Distinct())
                        if (graph.Producer(operand)?.Operator is not Reduce && plan.MeasuredRange(operand) is { Width: > 0 } range
                            && range.Width < FewestSteps * scale)
                            lost.Add((operand, range));
                    if (lost.Count > 0)
                        yield return Joined(node, lost, result, scale);
                    break;
                case Pool2D or Resize when node.Input(0) is { IsConstant: false } x && result.Width > 0
                    && result.Width < FewestSteps * scale && plan.MeasuredRange(x) is { } wide:
                    yield return Make(node,
                        $"Its results lie between {Text(result)}, its operand between {Text(wide)}, and both have one scale: "
                            + $"{Steps(result, scale)}.",
                        "Clamp the values before it to those that matter (torch.clamp), or scale them down.");
                    break;
            }
        }
    }

    private static Finding Joined(Node node, List<(Tensor Tensor, ValueRange Range)> lost, ValueRange result, float scale)
    {
        bool joins = node.Operator is Concatenation or Pack;
        (Tensor tensor, ValueRange range) = lost.MinBy(operand => operand.Range.Width);
        string others = lost.Count > 1 ? $" ({lost.Count} operands are as small)" : "";
        return Make(node,
            $"'{tensor.Origin ?? tensor.Name}' lies between {Text(range)}, what it is {(joins ? "joined with" : "added to")} makes the "
                + $"result lie between {Text(result)}{others}: {Steps(range, scale)}.",
            joins ? "Return the parts as outputs of their own, or bring them to like ranges before they are joined (divide boxes by the "
                + "image's size)."
                : "Keep this layer in 16 bits (--int16-layer), or scale the operands to like ranges.");
    }

    private static string Steps(ValueRange range, float scale) =>
        range.Width < scale ? "nothing is left of it in 8 bits"
        : $"about {Math.Floor(range.Width / scale) + 1} of 256 steps are left of it in 8 bits";

    private static string Text(ValueRange range) => string.Create(CultureInfo.InvariantCulture, $"{range.Min:G3} and {range.Max:G3}");

    private static Finding Make(Node node, string reason, string advice) =>
        new("quantize-range-lost", FindingSeverity.Warning, reason, advice,
        node.Source) { Operator = node.Operator.Name, Tensor = node.Output.Name };
}
