using EthosU.Files;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;

namespace EthosU.LanguageServer.Features;

/// <summary>
/// Where a model's findings stand: each on its line of the model's listing, and on the Python line that the operator came from
/// where that is known and the file is in the workspace.
/// </summary>
internal sealed class FindingPlacement
{
    private readonly Workspace workspace;
    private readonly WorkspaceModels models;
    private readonly ModelAnalysis analysis;
    private readonly Dictionary<string, string[]> scripts = new(StringComparer.Ordinal);

    private FindingPlacement(Workspace workspace, WorkspaceModels models, ModelAnalysis analysis) =>
        (this.workspace, this.models, this.analysis) = (workspace, models, analysis);

    /// <summary>The problems of an analysed model, with the documents on which they stand.</summary>
    public static IReadOnlyList<(string Uri, Diagnostic Diagnostic)> Of(ModelAnalysis analysis, Workspace workspace, WorkspaceModels models)
    {
        FindingPlacement placement = new(workspace, models, analysis);
        return [.. analysis.Findings.SelectMany(placement.Place)];
    }

    private IEnumerable<(string Uri, Diagnostic Diagnostic)> Place(Finding finding)
    {
        string listing = ListingUri.FromPath(analysis.Path);
        int line = analysis.LineOf(finding);
        string model = Path.GetFileName(analysis.Path);
        (string Uri, Protocol.Range Range)? python = finding.Source.UserFrame is { } frame && models.FindPython(frame.File) is { } file
            ? (DocumentUri.FromPath(file), CodeOn(file, Math.Max(0, frame.Line - 1))) : null;
        yield return (listing, Make(finding, Protocol.Range.OfLine(line), $"{Name(finding)}{finding.Reason} {finding.Advice}",
            python is { } source ? [new(new(source.Uri, source.Range), "made by this line")] : null));
        if (python is { } place)
        {
            yield return (place.Uri, Make(finding, place.Range, $"{model}: {Name(finding)}{finding.Reason} {finding.Advice}",
                [new(new(listing, Protocol.Range.OfLine(line)), $"the operator in {model}")]));
        }
    }

    /// <summary>A line of a script without its indentation.</summary>
    private Protocol.Range CodeOn(string script, int line)
    {
        if (!scripts.TryGetValue(script, out string[]? lines))
        {
            try
            {
                lines = workspace.TryGet(DocumentUri.FromPath(script))?.Text.Split('\n') ?? ReadScript(script).Split('\n');
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or UserErrorException)
            {
                // The problem stands on the whole line then.
                lines = [];
            }
            scripts[script] = lines;
        }
        int indentation = line < lines.Length && lines[line].Trim().Length > 0 ? lines[line].Length - lines[line].TrimStart().Length : 0;
        return Protocol.Range.OfLine(line) with { Start = new(line, indentation) };
    }

    private string ReadScript(string script)
    {
        workspace.RequireReadable(script);
        return InputFile.ReadAllText(script);
    }

    private static string Name(Finding finding) => finding.Operator is { } op ? $"{op}: " : "";

    private Diagnostic Make(Finding finding, Protocol.Range range, string message, IReadOnlyList<DiagnosticRelatedInformation>? related) =>
        new(
        range,
        finding.Severity switch
        {
            FindingSeverity.Error => DiagnosticSeverity.Error,
            FindingSeverity.Warning => DiagnosticSeverity.Warning,
            _ => DiagnosticSeverity.Information,
        },
        finding.RuleId, "Ethos-U", message.TrimEnd(), RulePages.UriOf(workspace, finding.RuleId) is { } page ? new(page) : null, related);
}
