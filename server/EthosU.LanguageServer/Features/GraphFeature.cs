using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiling;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>The data of the graph page.</summary>
internal sealed class GraphFeature(Analyzer analyzer, FindingViews views, LastResults results)
{
    private const int MostNodes = 20_000;

    [JsonRpcMethod("ethosu/graph", UseSingleObjectParameterDeserialization = true)]
    public async Task<GraphData> GraphAsync(GraphParams parameters, CancellationToken cancellation)
    {
        ModelAnalysis analysis = await AnalyzeAsync(parameters.Uri, parameters.Target, cancellation).ConfigureAwait(false);
        if (analysis.Outline is { } outline)
            return OutlineGraph.Of(analysis, outline, parameters.Uri);
        CheckedModel model = Require(analysis);
        return parameters.Inside is { } inside
            ? CommandGraph.Of(analysis, model, RequireNode(model, inside))
            : ModelGraph(analysis, model, parameters.Uri, await analyzer.TryEstimateAsync(analysis, cancellation).ConfigureAwait(false));
    }

    [JsonRpcMethod("ethosu/node", UseSingleObjectParameterDeserialization = true)]
    public async Task<NodeDetails> NodeAsync(NodeParams parameters, CancellationToken cancellation)
    {
        ModelAnalysis analysis = await AnalyzeAsync(parameters.Uri, parameters.Target, cancellation).ConfigureAwait(false);
        if (analysis.Outline is { } outline)
            return OutlineGraph.Details(analysis, outline, parameters.Id, views);
        CheckedModel model = Require(analysis);
        if (parameters.Inside is { } inside)
            return CommandGraph.Details(analysis, model, RequireNode(model, inside), parameters.Id);
        if (parameters.Id.StartsWith("in", StringComparison.Ordinal) || parameters.Id.StartsWith("out", StringComparison.Ordinal))
            return EdgeDetails(model.Graph, parameters.Id);
        Node node = RequireNode(model, parameters.Id);
        return NodeText.Details(analysis, model, node, parameters.Id, views, analyzer.KnownEstimate(analysis));
    }

    private Task<ModelAnalysis> AnalyzeAsync(string uri, string? target, CancellationToken cancellation) =>
        analyzer.AnalyzeAsync(DocumentUri.ToPath(uri), target, cancellation);

    private static CheckedModel Require(ModelAnalysis analysis) => analysis.Model
        ?? throw new UserErrorException(string.Join('\n', analysis.Findings.Select(finding => finding.ToString())));

    private static Node RequireNode(CheckedModel model, string id) => GraphIds.Find(id, model.Graph)
        ?? throw new UserErrorException($"The model has no operator '{id}' any more; open the graph again.");

    private GraphData ModelGraph(ModelAnalysis analysis, CheckedModel model, string uri, CompileReport? estimate)
    {
        NodeCycles? cycles = estimate is null ? null : new(estimate);
        Graph graph = model.Graph;
        if (graph.Nodes.Length > MostNodes)
            throw new UserErrorException(
                $"The graph has {graph.Nodes.Length} operators; at most {MostNodes} can be drawn. The listing shows them all.");
        ILookup<Node, Finding> findings = analysis.Findings.Select(finding => (Node: analysis.NodeOf(finding), Finding: finding))
            .Where(pair => pair.Node is not null).ToLookup(pair => pair.Node!, pair => pair.Finding);
        List<GraphNodeView> nodes = [];
        List<GraphEdgeView> edges = [];
        Dictionary<Tensor, string> producers = [];
        for (int i = 0; i < graph.Inputs.Length; i++)
        {
            string id = $"in{i}";
            producers[graph.Inputs[i]] = id;
            nodes.Add(new(id, "input", "input", graph.Inputs[i].Name, TensorText.Short(graph.Inputs[i]), null, null,
                ImmutableDictionary<string, double>.Empty, [], false));
        }
        for (int i = 0; i < graph.Nodes.Length; i++)
        {
            Node node = graph.Nodes[i];
            string id = GraphIds.Of(i);
            foreach (Tensor output in node.Outputs)
                producers[output] = id;
            bool compiled = CheckedModel.IsPart(node);
            nodes.Add(new(id, compiled ? "npu" : "operator", node.Operator.Name, node.Name, node.Outputs.IsEmpty ? ""
                : TensorText.Short(node.Output),
                model.RunsOnNpu(node) ? "npu" : "cpu", Severity(findings[node]), Measures(analysis.Path, node, cycles),
                ModuleBlocks.Of(node.Name, node.Source), compiled));
            foreach (Tensor input in node.Inputs.OfType<Tensor>().Where(input => producers.ContainsKey(input)).Distinct())
                edges.Add(new(producers[input], id, TensorText.Short(input)));
        }
        for (int i = 0; i < graph.Outputs.Length; i++)
        {
            string id = $"out{i}";
            nodes.Add(new(id, "output", "output", graph.Outputs[i].Name, TensorText.Short(graph.Outputs[i]), null, null,
                ImmutableDictionary<string, double>.Empty, [], false));
            if (producers.TryGetValue(graph.Outputs[i], out string? producer))
                edges.Add(new(producer, id, TensorText.Short(graph.Outputs[i])));
        }
        int cpu = model.CpuOperatorCount;
        string summary =
            $"{Figures.Operators(graph.Nodes.Length)}, {Figures.Count(graph.Nodes.Length - cpu)} on the NPU, {cpu} on the CPU "
                + $"({model.TargetSummary})" + (estimate is null ? "" : $", {Figures.Cycles(estimate)}");
        return new(Path.GetFileName(analysis.Path), uri, summary, nodes, edges,
            [.. cycles is null ? (MeasureView[])[] : [new("cycles", "Cycles", "")], new("weights", "Weights", "bytes"),
                new("activations", "Activations", "bytes"),
                .. nodes.Exists(node => node.Measures.ContainsKey("error")) ? [new("error", "Quantization error", "dB", "max")]
                    : (MeasureView[])[]]);
    }

    private Dictionary<string, double> Measures(string path, Node node, NodeCycles? cycles)
    {
        Dictionary<string, double> measures =
            new() { ["weights"] = NodeSizes.Weights(node), ["activations"] = NodeSizes.Activations(node) };
        if (cycles?.Of(node) is { } count)
            measures["cycles"] = count;
        if (results.ErrorOf(path, node) is { } error)
            measures["error"] = error;
        return measures;
    }

    /// <summary>The worst severity, as the page names it; null if there is none.</summary>
    internal static string? Severity(IEnumerable<Finding> findings) =>
        findings.Select(finding => finding.Severity).DefaultIfEmpty((FindingSeverity)(-1)).Max() switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        FindingSeverity.Info => "info",
        _ => null,
    };

    private static NodeDetails EdgeDetails(Graph graph, string id)
    {
        bool input = id.StartsWith("in", StringComparison.Ordinal);
        ImmutableArray<Tensor> tensors = input ? graph.Inputs : graph.Outputs;
        if (!int.TryParse(id.AsSpan(input ? 2 : 3), out int index) || (uint)index >= (uint)tensors.Length)
            throw new UserErrorException($"The model has no '{id}' any more; open the graph again.");
        return new(id, $"{(input ? "Input" : "Output")} {tensors[index].Name}", [NodeText.TensorSection("Tensor", [tensors[index]])], []);
    }
}
