using System.Text;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiling;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>Hovers: over an operator in a listing, and over a Python line from which operators came.</summary>
internal sealed class HoverFeature(Analyzer analyzer, WorkspaceModels models, DiagnosticsFeature diagnostics, LastResults results)
{
    private const int MostOperators = 12;

    [JsonRpcMethod("textDocument/hover", UseSingleObjectParameterDeserialization = true)]
    public async Task<Hover?> HoverAsync(TextDocumentPositionParams parameters, CancellationToken cancellation)
    {
        int line = parameters.Position.Line;
        if (ListingUri.TryToPath(parameters.TextDocument.Uri) is { } model)
        {
            ModelAnalysis analysis = await analyzer.AnalyzeAsync(model, null, cancellation).ConfigureAwait(false);
            return analysis.NodeAt(line) is { } node ? Make(Describe(analysis, node, analyzer.KnownEstimate(analysis)), line) : null;
        }
        if (DocumentUri.TryToPath(parameters.TextDocument.Uri) is not { } path || !path.EndsWith(".py", StringComparison.Ordinal))
            return null;
        StringBuilder text = new();
        int found = 0;
        foreach (ModelAnalysis analysis in await diagnostics.AnalysesAsync(cancellation).ConfigureAwait(false))
        {
            Node[] nodes = [.. (analysis.Model?.Graph.Nodes ?? [])
                .Where(node => node.Source.UserFrame is { } frame && frame.Line == line + 1 && models.FindPython(frame.File) == path)];
            if (nodes.Length == 0 || found >= MostOperators)
                continue;
            text.Append("**").Append(EditorText.Markdown(Path.GetFileName(analysis.Path))).Append("**\n\n");
            foreach (Node node in nodes.Take(MostOperators - found))
                text.Append(Describe(analysis, node, analyzer.KnownEstimate(analysis))).Append("\n\n");
            found += nodes.Length;
        }
        return found == 0 ? null : Make(text.ToString(), line);
    }

    private static Hover Make(string markdown, int line) => new(new("markdown", markdown), Protocol.Range.OfLine(line));

    private string Describe(ModelAnalysis analysis, Node node, CompileReport? estimate)
    {
        CheckedModel model = analysis.Model!;
        StringBuilder text = new();
        text.Append("**").Append(EditorText.Markdown(node.Operator.Name)).Append("** ").Append(EditorText.Markdown(node.Name)).Append(" — ")
            .Append(model.RunsOnNpu(node) ? $"runs on the NPU ({model.TargetSummary.Accelerator})" : "**runs on the CPU**");
        long weights = NodeSizes.Weights(node), activations = NodeSizes.Activations(node);
        if (estimate is { Estimate: { } total } && new NodeCycles(estimate).Of(node) is { } cycles)
            text.Append(", ").Append(Figures.Count(cycles)).Append(" cycles of ").Append(Figures.Count(total.TotalCycles));
        text.Append("  \n").Append(Figures.Bytes(activations)).Append(" of activations");
        if (weights > 0)
            text.Append(", ").Append(Figures.Bytes(weights)).Append(" of constants");
        if (results.ErrorOf(analysis.Path, node) is { } error)
            text.Append(", quantization noise at ").Append(Figures.Decibels(error)).Append(" of the signal");
        foreach (Finding finding in analysis.Findings.Where(finding => analysis.NodeOf(finding) == node))
            text.Append("  \n").Append(finding.Severity == FindingSeverity.Info ? "ℹ " : "⚠ ").Append(EditorText.Markdown(finding.Reason))
                .Append(" *").Append(EditorText.Markdown(finding.Advice)).Append('*');
        return text.ToString();
    }
}
