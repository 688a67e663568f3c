using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;

namespace EthosU.LanguageServer.Features;

/// <summary>Findings and sources as pages show them: with links to the operator, to the Python line and to the rule's page.</summary>
internal sealed class FindingViews(Workspace workspace, WorkspaceModels models)
{
    /// <summary>A finding.</summary>
    public FindingView Of(ModelAnalysis analysis, Finding finding)
    {
        Node? node = analysis.NodeOf(finding);
        string? id = node is not null ? GraphIds.Of(node, analysis.Model!.Graph) : analysis.Outline is { } outline
            ? OutlineGraph.IdOf(outline, finding) : null;
        string? name = node?.Name ?? finding.Source.NodeName ?? finding.Tensor;
        return new(finding.RuleId, finding.Severity.ToString().ToLowerInvariant(), finding.Reason, finding.Advice,
            RulePages.UriOf(workspace, finding.RuleId) ?? "",
            finding.Operator ?? node?.Operator.Name, name, id, LinkTo(finding.Source));
    }

    /// <summary>The line of the workspace that something comes from; null if it is not known, or not there.</summary>
    public SourceLink? LinkTo(Source source) => source.UserFrame is { } frame && models.FindPython(frame.File) is { } file
        ? new(DocumentUri.FromPath(file), Math.Max(0, frame.Line - 1), $"{Path.GetFileName(file)}:{frame.Line}") : null;
}
