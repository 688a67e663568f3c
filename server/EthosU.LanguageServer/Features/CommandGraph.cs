using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiled;
using EthosU.Pipeline.Compiling;

namespace EthosU.LanguageServer.Features;

/// <summary>The operations inside an <c>ethos-u</c> operator as a graph: an edge leads from what wrote bytes last to what reads them.</summary>
internal static class CommandGraph
{
    private const int MostOperations = 20_000;

    /// <summary>The graph.</summary>
    /// <exception cref="ModelFormatException">The operator is damaged.</exception>
    public static GraphData Of(ModelAnalysis analysis, CheckedModel model, Node node)
    {
        CompiledPart part = Open(analysis, node);
        if (part.Groups.Length > MostOperations)
            throw new UserErrorException($"The operator holds {part.Groups.Length} operations; at most {MostOperations} can be drawn.");
        IReadOnlyDictionary<int, OperationEstimate> estimates = part.Estimate(model.Target);
        OperationFlow flow = OperationFlow.Of(part, ArenaPlaces.Of(model.Graph, analysis.Path));
        List<GraphNodeView> nodes = [];
        for (int i = 0; i < part.Operands.Inputs.Length; i++)
            nodes.Add(Edge($"in{i}", "input", part.Operands.Inputs[i]));
        for (int i = 0; i < part.Groups.Length; i++)
            if (part.Groups[i].Operation is { } operation)
                nodes.Add(new(IdOf(i), "operator", part.Groups[i].Kind, $"operation {i}", Detail(operation), "npu", null, Measures(operation, estimates.GetValueOrDefault(i)), [], false));
        for (int i = 0; i < part.Operands.Outputs.Length; i++)
            nodes.Add(Edge($"out{i}", "output", part.Operands.Outputs[i]));
        string summary = string.Create(CultureInfo.InvariantCulture,
            $"{Figures.Operators(part.Groups.Length - 1, "operation")}, {Figures.Count(estimates.Values.Sum(estimate => estimate.TotalCycles))} cycles ({part.Payload.Config.AcceleratorName})");
        return new($"{Path.GetFileName(analysis.Path)}: {node.Name}", DocumentUri.FromPath(analysis.Path), summary, nodes, flow.Edges,
            [new("cycles", "Cycles", ""), new("macs", "Multiplications", ""), new("output", "Output", "bytes")]);
    }

    /// <summary>Everything about one of the operations.</summary>
    /// <exception cref="ModelFormatException">The operator is damaged.</exception>
    /// <exception cref="UserErrorException">It has no such operation.</exception>
    public static NodeDetails Details(ModelAnalysis analysis, CheckedModel model, Node node, string id)
    {
        CompiledPart part = Open(analysis, node);
        if (EdgeOf(part.Operands.Inputs, "in", id) is { } input)
            return new(id, $"Input {input.Name}", [NodeText.TensorSection("Tensor", [input])], []);
        if (EdgeOf(part.Operands.Outputs, "out", id) is { } output)
            return new(id, $"Output {output.Name}", [NodeText.TensorSection("Tensor", [output])], []);
        if (!id.StartsWith("op", StringComparison.Ordinal) || !int.TryParse(id.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            || index >= part.Groups.Length || part.Groups[index].Operation is not { } operation)
            throw new UserErrorException($"The operator has no operation '{id}' any more; open the graph again.");
        List<DetailSection> sections = [new("Operation", [["What", OperationText.Describe(operation)]])];
        if (part.Estimate(model.Target).TryGetValue(index, out OperationEstimate? estimate))
        {
            sections.Add(new("Cost", [["Cycles", Figures.Count(estimate.TotalCycles)], ["Multiplications", Figures.Count(estimate.Macs)],
                ["Utilisation", Figures.Percent(estimate.Utilisation(model.Target.Accelerator))]]));
        }
        sections.Add(new("Commands", [.. part.Groups[index].Commands.Select(command => (string[])[Format($"{command.ByteOffset:x5}"), command.Command.ToString()])]));
        return new(id, part.Groups[index].Title, sections, []);
    }

    /// <summary>The id of an operation.</summary>
    internal static string IdOf(int index) => string.Create(CultureInfo.InvariantCulture, $"op{index}");

    private static CompiledPart Open(ModelAnalysis analysis, Node node) => EthosUNode.Matches(node)
        ? CompiledPart.Open(node, analysis.Path)
        : throw new UserErrorException($"'{node.Name}' is no ethos-u operator: there is nothing inside it.");

    private static GraphNodeView Edge(string id, string kind, Tensor tensor) =>
        new(id, kind, kind, tensor.Name, TensorText.Short(tensor), null, null, ImmutableDictionary<string, double>.Empty, [], false);

    private static Tensor? EdgeOf(ImmutableArray<Tensor> tensors, string prefix, string id) => id.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < tensors.Length ? tensors[index] : null;

    private static string Detail(StreamOperation operation) => operation switch
    {
        KernelOperation kernel => $"{kernel.Ofm.Type.DisplayName()}[{kernel.Ofm.Height}, {kernel.Ofm.Width}, {kernel.Ofm.Depth}]",
        DmaOperation dma => Figures.Bytes(dma.Length * dma.Rows * dma.Planes),
        _ => "",
    };

    private static Dictionary<string, double> Measures(StreamOperation operation, OperationEstimate? estimate)
    {
        Dictionary<string, double> measures = [];
        if (estimate is not null)
            (measures["cycles"], measures["macs"]) = (estimate.TotalCycles, estimate.Macs);
        if (operation is KernelOperation kernel)
            measures["output"] = kernel.Ofm.ElementCount * kernel.Ofm.ElementBytes;
        return measures;
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
