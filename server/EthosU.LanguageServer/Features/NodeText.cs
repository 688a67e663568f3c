using System.Globalization;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Reports;

namespace EthosU.LanguageServer.Features;

/// <summary>An operator in words, for the details panel and for hovers.</summary>
internal static class NodeText
{
    private const int HistogramBins = 48;

    /// <summary>Everything about an operator.</summary>
    public static NodeDetails Details(ModelAnalysis analysis, CheckedModel model, Node node, string id, FindingViews views,
        CompileReport? estimate)
    {
        List<DetailSection> sections =
            [new("Placement", [["Runs on", model.RunsOnNpu(node) ? $"NPU ({model.TargetSummary.Accelerator})" : "CPU"]])];
        if (estimate is not null && new NodeCycles(estimate).Of(node) is { } cycles)
            sections.Add(new("Cost",
                [["NPU cycles", Figures.Count(cycles)],
                    ["Multiplications",
                        Figures.Count(estimate.Operations
                            .Where(operation => operation.Node == node.Name && operation.Operator == node.Operator.Name)
                            .Sum(operation => operation.Macs))]]));
        if (Attributes(node.Operator) is { Count: > 0 } attributes)
            sections.Add(new("Attributes", attributes));
        if (SourceRows(node.Source) is { Count: > 0 } rows)
            sections.Add(new("Comes from", rows));
        Tensor[] inputs = [.. node.Inputs.OfType<Tensor>()];
        if (inputs.Length > 0)
            sections.Add(TensorSection("Inputs", inputs));
        sections.Add(TensorSection("Outputs", node.Outputs));
        FindingView[] findings =
            [.. analysis.Findings.Where(finding => analysis.NodeOf(finding) == node).Select(finding => views.Of(analysis, finding))];
        return new(id, $"{node.Operator.Name} {node.Name}", sections, findings, Histogram(node), views.LinkTo(node.Source),
            analysis.LineOf(node));
    }

    /// <summary>Names, types and quantization of tensors.</summary>
    public static DetailSection TensorSection(string title, IEnumerable<Tensor> tensors) =>
        new(title, [.. tensors
        .Select(tensor => (string[])[tensor.Name, $"{(tensor.IsConstant ? "const " : "")}{TensorText.TypeOf(tensor)}"])]);

    /// <summary>An operator's options, a row each.</summary>
    private static List<IReadOnlyList<string>> Attributes(Operator op) =>
        [.. OperatorOptions.List(op).Select(option => (string[])[Words(option.Name), OperatorOptions.Text(option.Value)])];

    /// <summary>The words of a name: <c>strideHeight</c> is stride height.</summary>
    private static string Words(string name) =>
        string.Concat(name.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}")).Trim();

    /// <summary>Where something comes from, in the user's terms.</summary>
    public static List<IReadOnlyList<string>> SourceRows(Source source)
    {
        List<IReadOnlyList<string>> rows = [];
        if (source.OperatorType is { } type)
            rows.Add(["source operator", type]);
        if (source.NodeName is { } name)
            rows.Add(["source node", name]);
        if (source.Module is { } module)
            rows.Add(["PyTorch module", module]);
        if (source.UserFrame is { } frame)
            rows.Add(["Python line", $"{RecordedPath.Shown(frame.File)}:{frame.Line}"]);
        return rows;
    }

    /// <summary>The values of an operator's largest constant, as stored.</summary>
    private static HistogramView? Histogram(Node node)
    {
        Tensor? weights = node.Inputs.OfType<Tensor>()
            .Where(input => input.Data is { Count: > 8 } && input.Type is ElementType.Int8 or ElementType.Int16 or ElementType.Float32)
            .MaxBy(input => input.Data!.Count);
        if (weights?.Data is not { } data)
            return null;
        float[] values = data.ToFloatArray();
        float min = values.Min(), max = values.Max();
        if (!(max > min))
            return null;
        var counts = new int[HistogramBins];
        foreach (float value in values)
            counts[Math.Min(HistogramBins - 1, (int)((value - min) / (max - min) * HistogramBins))]++;
        return new(string.Create(CultureInfo.InvariantCulture, $"{weights.Name}: {values.Length} values"), min, max, counts);
    }
}
