using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiled;

namespace EthosU.LanguageServer.Features;

/// <summary>The operations inside an <c>ethos-u</c> operator as a graph.</summary>
internal static class CommandGraph
{
    private const int MostOperations = 20_000;

    /// <summary>The graph.</summary>
    /// <exception cref="ModelFormatException">The operator is damaged.</exception>
    public static GraphData Of(ModelAnalysis analysis, CheckedModel model, Node node)
    {
        PartView part = Open(analysis, model, node);
        if (part.Length > MostOperations)
            throw new UserErrorException($"The operator holds {part.Length} operations; at most {MostOperations} can be drawn.");
        ImmutableArray<PartOperation> operations = part.Operations();
        List<GraphNodeView> nodes = [];
        for (int i = 0; i < part.Inputs.Length; i++)
            nodes.Add(Edge(PartView.InputId(i), "input", part.Inputs[i]));
        foreach (PartOperation operation in operations)
        {
            nodes.Add(new(PartView.OperationId(operation.Index), "operator", operation.Kind, $"operation {operation.Index}",
                operation.Result ?? Figures.Bytes(operation.ResultBytes),
                "npu", null, Measures(operation), [], false));
        }
        for (int i = 0; i < part.Outputs.Length; i++)
            nodes.Add(Edge(PartView.OutputId(i), "output", part.Outputs[i]));
        string summary = string.Create(CultureInfo.InvariantCulture,
            $"{Figures.Operators(part.Length - 1, "operation")}, "
                + $"{Figures.Count(operations.Sum(operation => operation.Cost?.Cycles ?? 0))} cycles ({part.Accelerator})");
        return new($"{Path.GetFileName(analysis.Path)}: {node.Name}", DocumentUri.FromPath(analysis.Path), summary, nodes,
            [.. part.Flows().Select(flow => new GraphEdgeView(flow.From, flow.To, flow.Label))],
            [new("cycles", "Cycles", ""), new("macs", "Multiplications", ""), new("output", "Output", "bytes")]);
    }

    /// <summary>Everything about one of the operations.</summary>
    /// <exception cref="ModelFormatException">The operator is damaged.</exception>
    /// <exception cref="UserErrorException">It has no such operation.</exception>
    public static NodeDetails Details(ModelAnalysis analysis, CheckedModel model, Node node, string id)
    {
        PartView part = Open(analysis, model, node);
        if (EdgeOf(part.Inputs, "in", id) is { } input)
            return new(id, $"Input {input.Name}", [NodeText.TensorSection("Tensor", [input])], []);
        if (EdgeOf(part.Outputs, "out", id) is { } output)
            return new(id, $"Output {output.Name}", [NodeText.TensorSection("Tensor", [output])], []);
        PartOperation operation = part.Operations().FirstOrDefault(operation => PartView.OperationId(operation.Index) == id)
            ?? throw new UserErrorException($"The operator has no operation '{id}' any more; open the graph again.");
        List<DetailSection> sections = [new("Operation", [["What", operation.Description]])];
        if (operation.Cost is { } cost)
            sections.Add(new("Cost",
                [["Cycles", Figures.Count(cost.Cycles)], ["Multiplications", Figures.Count(cost.Macs)],
                    ["Utilisation", Figures.Percent(cost.Utilisation)]]));
        sections.Add(new("Commands",
            [.. operation.Commands
                .Select(command => (string[])[command.ByteOffset.ToString("x5", CultureInfo.InvariantCulture), command.Text])]));
        return new(id, operation.Title, sections, []);
    }

    private static PartView Open(ModelAnalysis analysis, CheckedModel model, Node node) => CheckedModel.IsPart(node)
        ? model.Open(node, analysis.Path)
        : throw new UserErrorException($"'{node.Name}' is no ethos-u operator: there is nothing inside it.");

    private static GraphNodeView Edge(string id, string kind, Tensor tensor) =>
        new(id, kind, kind, tensor.Name, TensorText.Short(tensor), null, null, ImmutableDictionary<string, double>.Empty, [], false);

    private static Tensor? EdgeOf(ImmutableArray<Tensor> tensors, string prefix, string id) =>
        id.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < tensors.Length
        ? tensors[index] : null;

    private static Dictionary<string, double> Measures(PartOperation operation)
    {
        Dictionary<string, double> measures = [];
        if (operation.Cost is { } cost)
            (measures["cycles"], measures["macs"]) = (cost.Cycles, cost.Macs);
        if (operation.Result is not null)
            measures["output"] = operation.ResultBytes;
        return measures;
    }
}
