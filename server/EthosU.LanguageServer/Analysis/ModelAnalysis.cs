using System.Collections.Frozen;
using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Formats;

namespace EthosU.LanguageServer.Analysis;

/// <summary>What is known of one version of a model's file for one target.</summary>
internal sealed class ModelAnalysis
{
    private readonly FrozenDictionary<string, Node> byTensor;
    private readonly FrozenDictionary<Node, int> lines;

    /// <summary>An analysis of a model that could be read.</summary>
    public ModelAnalysis(string path, string key, long size, ProjectSettings settings, CheckedModel model)
    {
        (Key, Size) = (key, size);
        Path = path;
        Settings = settings;
        Model = model;
        Findings = model.Findings;
        Listing = ModelListing.Write(path, model, null);
        byTensor = model.Graph.Nodes.SelectMany(node => node.Outputs.Select(output => (output.Name, Node: node)))
            .GroupBy(pair => pair.Name, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.First().Node);
        lines = model.Graph.Nodes.Select((node, index) => (node, index))
            .ToFrozenDictionary(pair => pair.node, pair => Listing.FirstNodeLine + pair.index);
    }

    /// <summary>An analysis of a model that is refused or damaged.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="key">See <see cref="Key"/>.</param>
    /// <param name="size">Bytes of the file.</param>
    /// <param name="settings">The settings it was analysed with.</param>
    /// <param name="findings">Why it is refused.</param>
    /// <param name="outline">The nodes of its file, if they could be read.</param>
    public ModelAnalysis(string path, string key, long size, ProjectSettings settings, ImmutableArray<Finding> findings,
        ModelOutline? outline = null)
    {
        Outline = outline;
        (Key, Size) = (key, size);
        Path = path;
        Settings = settings;
        Findings = findings;
        Listing = ModelListing.WriteRefused(path, findings, outline);
        byTensor = FrozenDictionary<string, Node>.Empty;
        lines = FrozenDictionary<Node, int>.Empty;
    }

    /// <summary>The model's file.</summary>
    public string Path { get; }

    /// <summary>Differs between versions of the file and settings.</summary>
    public string Key { get; }

    /// <summary>Bytes of the file.</summary>
    public long Size { get; }

    /// <summary>The settings it was analysed with.</summary>
    public ProjectSettings Settings { get; }

    /// <summary>The model and its placement; null if it is refused.</summary>
    public CheckedModel? Model { get; }

    /// <summary>The nodes of a file that is refused; null if the model is not refused, or nothing of it can be read.</summary>
    public ModelOutline? Outline { get; }

    /// <summary>Everything to say about it.</summary>
    public ImmutableArray<Finding> Findings { get; }

    /// <summary>The model as text.</summary>
    public ModelListing Listing { get; }

    /// <summary>The node that a finding is about; null if it is about the whole model or the model is refused.</summary>
    public Node? NodeOf(Finding finding)
    {
        Node? named = finding.Tensor is { } tensor ? byTensor.GetValueOrDefault(tensor) : null;
        if (named is not null && (finding.Operator is null || named.Operator.Name == finding.Operator))
            return named;
        // A conversion behind an operator may have taken the name of its result over, and one ONNX node may have become several operators.
        IEnumerable<Node> made = finding.Source.NodeName is { } name ? Model?.Graph.Nodes.Where(node => node.Source.NodeName == name) ?? []
            : [];
        return made.FirstOrDefault(node => node.Operator.Name == finding.Operator) ?? named ?? made.FirstOrDefault();
    }

    /// <summary>The line of the listing that a finding is about, from 0.</summary>
    public int LineOf(Finding finding) => Model is null ? Listing.LineOfFinding(finding) : NodeOf(finding) is { } node ? lines[node] : 0;

    /// <summary>The line of a node in the listing, from 0.</summary>
    public int LineOf(Node node) => lines[node];

    /// <summary>The node on a line of the listing; null if there is none.</summary>
    public Node? NodeAt(int line)
    {
        int index = line - Listing.FirstNodeLine;
        return Model is not null && index >= 0 && index < Model.Graph.Nodes.Length ? Model.Graph.Nodes[index] : null;
    }
}
