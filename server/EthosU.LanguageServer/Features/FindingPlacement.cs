using System.Text.Json;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;
using EthosU.LanguageServer.Python;

namespace EthosU.LanguageServer.Features;

/// <summary>
/// Where a model's findings stand: on the Python line that the operator came from, where that is known and the file is in the workspace,
/// else on the operator's line of the model's listing. One cause is one problem, and one line has one.
/// </summary>
internal sealed class FindingPlacement
{
    private const int MostProblems = 100, MostRelated = 40, MostBeside = 5;

    private readonly Workspace workspace;
    private readonly WorkspaceModels models;
    private readonly ModelAnalysis analysis;
    private readonly string listing, model;
    private readonly Dictionary<string, (string Uri, PythonScript Script, bool IsNewer)> scripts = new(StringComparer.Ordinal);

    private FindingPlacement(Workspace workspace, WorkspaceModels models, ModelAnalysis analysis)
    {
        (this.workspace, this.models, this.analysis) = (workspace, models, analysis);
        (listing, model) = (ListingUri.FromPath(analysis.Path), Path.GetFileName(analysis.Path));
    }

    /// <summary>The problems of an analysed model, with the documents on which they stand.</summary>
    public static IReadOnlyList<(string Uri, Diagnostic Diagnostic)> Of(ModelAnalysis analysis, Workspace workspace, WorkspaceModels models)
    {
        FindingPlacement placement = new(workspace, models, analysis);
        (string Uri, Diagnostic Diagnostic)[] problems =
            [.. FindingCause.Of(analysis.Findings.Select(placement.Place).OfType<PlacedFinding>())
            .GroupBy(static cause => (cause.First.Uri, cause.First.Line)).Select(line => placement.Make([.. line]))];
        if (problems.Length <= MostProblems)
            return problems;
        string message = $"{Figures.Count(problems.Length)} problems; the {MostProblems} gravest are shown. "
            + "The report of the model lists all.";
        return [(placement.listing, new(Protocol.Range.OfLine(0), DiagnosticSeverity.Warning, "problem-count", "Ethos-U", message)),
            .. problems.OrderBy(static problem => problem.Diagnostic.Severity).Take(MostProblems)];
    }

    /// <summary>Where a finding stands; null if a comment in the script says that it is known.</summary>
    private PlacedFinding? Place(Finding finding)
    {
        int line = analysis.LineOf(finding);
        if (finding.Source.UserFrame is not { } frame || models.FindPython(frame.File) is not { } file)
            return new(finding, listing, line, null, line);
        (string uri, PythonScript script, bool isNewer) = ScriptOf(file);
        int recorded = Math.Max(0, frame.Line - 1);
        int? found = frame.Text is { Length: > 0 } text ? script.LineOf(recorded, text) : isNewer ? null : recorded;
        int place = found ?? recorded;
        return script.Ignores(place, finding.RuleId) ? null
            : new(finding, uri, place, script.ClassAround(place), line) 
            {
                Column = script.IndentationOf(place),
                MayHaveMoved = found is null,
            };
    }

    /// <summary>The problem of a line: its gravest cause, and briefly the others.</summary>
    private (string Uri, Diagnostic Diagnostic) Make(FindingCause[] causes)
    {
        causes = [.. causes.OrderByDescending(static cause => cause.Severity).ThenByDescending(static cause => cause.Findings.Length)];
        PlacedFinding first = causes[0].First;
        bool inListing = first.Uri == listing;
        List<string> texts = [(inListing ? "" : $"{model}: ") + causes[0].Describe(),
            .. causes.Skip(1).Take(MostBeside).Select(static cause => $"Also here: {cause.DescribeBriefly()}")];
        if (causes.Length > 1 + MostBeside)
            texts.Add($"And {causes.Length - 1 - MostBeside} more.");
        if (causes.Any(static cause => cause.Findings.Any(static placed => placed.MayHaveMoved)))
            texts.Add($"The script has changed since {model} was exported: lines may have moved. Export again.");
        DiagnosticRelatedInformation[] related = [.. causes.SelectMany(static cause => cause.Findings)
            .Where(placed => !inListing || placed != first).DistinctBy(static placed => (placed.Line, placed.ListingLine)).Take(MostRelated)
            .Select(placed => new DiagnosticRelatedInformation(new(listing, Protocol.Range.OfLine(placed.ListingLine)),
                $"{placed.Finding.Operator ?? "the operator"} {placed.Finding.Source.NodeName}{ModuleText(placed)} in {model}"
                    + LineText(placed, inListing)))];
        return (first.Uri, new(
            Protocol.Range.OfLine(first.Line) with { Start = new(first.Line, first.Column) }, SeverityOf(causes[0].Severity),
            first.Finding.RuleId, "Ethos-U", string.Join(' ', texts),
            RulePages.UriOf(workspace, first.Finding.RuleId) is { } page ? new(page) : null, related.Length == 0 ? null : related,
            JsonSerializer.SerializeToElement(OperatorsOf(causes), ProtocolJson.Default.StringArray)));
    }

    /// <summary>What a change of the script would have to replace.</summary>
    private static string[] OperatorsOf(FindingCause[] causes) => [.. causes.SelectMany(static cause => cause.Findings)
        .SelectMany(static placed => (IEnumerable<string?>)[placed.Finding.Operator, placed.Finding.Source.OperatorType]).OfType<string>()
        .Distinct(StringComparer.Ordinal)];

    private static string ModuleText(PlacedFinding placed) => placed.Finding.Source.Module is { } module ? $" ({module})" : "";

    private static string LineText(PlacedFinding placed, bool inListing) => inListing ? "" : $", from line {placed.Line + 1}";

    private static DiagnosticSeverity SeverityOf(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => DiagnosticSeverity.Error,
        FindingSeverity.Warning => DiagnosticSeverity.Warning,
        _ => DiagnosticSeverity.Information,
    };

    private (string Uri, PythonScript Script, bool IsNewer) ScriptOf(string file)
    {
        if (scripts.TryGetValue(file, out var known))
            return known;
        string uri = DocumentUri.FromPath(file);
        try
        {
            return scripts[file] = (uri, new(workspace.TryGet(uri)?.Text ?? Read(file)), ExportAge.IsOlder(analysis.Path, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UserErrorException)
        {
            // The problem stands on the whole line then.
            return scripts[file] = (uri, new(""), false);
        }
    }

    private string Read(string script)
    {
        workspace.RequireReadable(script);
        return InputFile.ReadAllText(script);
    }
}
