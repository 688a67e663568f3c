using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Formats;

namespace EthosU.LanguageServer.Features;

/// <summary>A model that cannot be converted as a graph: the nodes of its file, with what is wrong standing on them.</summary>
internal static class OutlineGraph
{
    /// <summary>The graph.</summary>
    public static GraphData Of(ModelAnalysis analysis, ModelOutline outline, string uri)
    {
        Dictionary<string, string> producers = new(StringComparer.Ordinal);
        List<GraphNodeView> nodes = [];
        List<GraphEdgeView> edges = [];
        for (int i = 0; i < outline.Inputs.Length; i++)
        {
            producers[outline.Inputs[i]] = $"in{i}";
            nodes.Add(Edge($"in{i}", "input", outline.Inputs[i]));
        }
        for (int i = 0; i < outline.Nodes.Length; i++)
            foreach (string output in outline.Nodes[i].Outputs)
                producers.TryAdd(output, GraphIds.Of(i));
        ILookup<string, Finding> findings = FindingsByNode(analysis);
        for (int i = 0; i < outline.Nodes.Length; i++)
        {
            ModelOutlineNode node = outline.Nodes[i];
            string id = GraphIds.Of(i), name = node.Source.NodeName ?? "";
            nodes.Add(new(id, "operator", node.Type, name, "", null, GraphFeature.Severity(findings[name]),
                ImmutableDictionary<string, double>.Empty, ModuleBlocks.Of(name, node.Source), false));
            edges.AddRange(node.Inputs.Distinct().Where(producers.ContainsKey)
                .Select(input => new GraphEdgeView(producers[input], id, input)));
        }
        for (int i = 0; i < outline.Outputs.Length; i++)
        {
            nodes.Add(Edge($"out{i}", "output", outline.Outputs[i]));
            if (producers.TryGetValue(outline.Outputs[i], out string? producer))
                edges.Add(new(producer, $"out{i}", outline.Outputs[i]));
        }
        int problems = analysis.Findings.Count(finding => finding.Severity == FindingSeverity.Error);
        return new(Path.GetFileName(analysis.Path), uri,
            $"This model cannot be converted: {problems} problem{(problems == 1 ? "" : "s")}. The {outline.Nodes.Length} nodes are shown "
                + $"as they stand in the {outline.Format.Name} file.", nodes, edges, []);
    }

    /// <summary>Everything about one of its nodes.</summary>
    /// <exception cref="UserErrorException">There is no such node.</exception>
    public static NodeDetails Details(ModelAnalysis analysis, ModelOutline outline, string id, FindingViews views)
    {
        if (EdgeName(outline.Inputs, "in", id) is { } input)
            return new(id, $"Input {input}", [], []);
        if (EdgeName(outline.Outputs, "out", id) is { } output)
            return new(id, $"Output {output}", [], []);
        if (GraphIds.Number(id) is not { } index || index >= outline.Nodes.Length)
            throw new UserErrorException($"The model has no node '{id}' any more; open the graph again.");
        ModelOutlineNode node = outline.Nodes[index];
        string name = node.Source.NodeName ?? "";
        List<DetailSection> sections = [];
        if (NodeText.SourceRows(node.Source) is { Count: > 0 } rows)
            sections.Add(new("Comes from", rows));
        sections.Add(new("Inputs", [.. node.Inputs.Where(value => value.Length > 0).Select(value => (string[])[value, ""])]));
        sections.Add(new("Outputs", [.. node.Outputs.Where(value => value.Length > 0).Select(value => (string[])[value, ""])]));
        return new(id, $"{node.Type} {name}", sections, [.. FindingsByNode(analysis)[name].Select(finding => views.Of(analysis, finding))],
            Source: views.LinkTo(node.Source));
    }

    /// <summary>The id of the node that a finding is about; null if it is about the whole model.</summary>
    public static string? IdOf(ModelOutline outline, Finding finding)
    {
        int index = finding.Source.NodeName is { } name ? outline.Nodes.Select(node => node.Source.NodeName).ToList().IndexOf(name) : -1;
        return index < 0 ? null : GraphIds.Of(index);
    }

    private static ILookup<string, Finding> FindingsByNode(ModelAnalysis analysis) =>
        analysis.Findings.Where(finding => finding.Source.NodeName is not null)
        .ToLookup(finding => finding.Source.NodeName!, StringComparer.Ordinal);

    private static GraphNodeView Edge(string id, string kind, string name) =>
        new(id, kind, kind, name, name, null, null, ImmutableDictionary<string, double>.Empty, [], false);

    private static string? EdgeName(ImmutableArray<string> names, string prefix, string id) =>
        id.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(id.AsSpan(prefix.Length), out int index)
        && (uint)index < (uint)names.Length ? names[index] : null;
}
