using System.IO.Enumeration;
using System.Text.Json;
using EthosU.Files;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;
using EthosU.LanguageServer.Python;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>Code lenses: over exports in Python, over operators that fall back in a listing, in <c>ethosu.json</c>.</summary>
internal sealed class CodeLensFeature(Workspace workspace, WorkspaceModels models, Analyzer analyzer, LastResults results)
{
    [JsonRpcMethod("textDocument/codeLens", UseSingleObjectParameterDeserialization = true)]
    public async Task<IReadOnlyList<CodeLens>> CodeLensesAsync(CodeLensParams parameters, CancellationToken cancellation)
    {
        string uri = parameters.TextDocument.Uri;
        if (ListingUri.TryToPath(uri) is { } model)
            return await ListingLensesAsync(model, cancellation).ConfigureAwait(false);
        if (workspace.TryGet(uri) is not { } text || DocumentUri.TryToPath(uri) is not { } path)
            return [];
        return Path.GetFileName(path) == ProjectSettings.FileName ? SettingsLenses()
            : path.EndsWith(".py", StringComparison.Ordinal) ? [.. ExportCalls.Find(text.Text).SelectMany(call => ExportLenses(path, call))]
            : [];
    }

    private IEnumerable<CodeLens> ExportLenses(string script, ExportCall call)
    {
        string? model = call.ModelFile is null ? null : FindModel(script, call.ModelFile);
        if (model is null)
        {
            yield return call.ModelFile is null ? Lens(call.Line, "$(circuit-board) Convert a model…", "ethosu.convert")
                : Lens(call.Line, $"$(play) Run this script to make {EditorText.Label(call.ModelFile)}", "ethosu.runScript",
                DocumentUri.FromPath(script));
            yield break;
        }
        string uri = DocumentUri.FromPath(model);
        if (ExportAge.IsOlder(model, script))
            yield return Lens(call.Line, $"$(warning) {EditorText.Label(Path.GetFileName(model))} is older than this script: run it",
                "ethosu.runScript", DocumentUri.FromPath(script));
        yield return Lens(call.Line, "$(arrow-swap) Convert to int8", "ethosu.convert", uri);
        yield return Lens(call.Line, "$(circuit-board) Compile for Ethos-U", "ethosu.compile", uri);
        yield return Lens(call.Line, "$(type-hierarchy) Show graph", "ethosu.showGraph", uri);
        if (results.Describe(model) is { } last)
            yield return Lens(call.Line, EditorText.Label(last), "ethosu.showReport", uri);
    }

    /// <summary>
    /// Where an export of that name is: beside the script, or below one of the workspace's folders; where the script computes the folder,
    /// the newest of that name anywhere in the workspace.
    /// </summary>
    private string? FindModel(string script, string name)
    {
        string[] places = [Path.GetDirectoryName(script)!, .. workspace.Folders];
        return places.Select(folder => Path.GetFullPath(Path.Combine(folder, name))).FirstOrDefault(InputFile.Exists)
            ?? models.Known.Where(model => FileSystemName.MatchesSimpleExpression(Path.GetFileName(name), Path.GetFileName(model)))
                .MaxBy(File.GetLastWriteTimeUtc);
    }

    private async Task<IReadOnlyList<CodeLens>> ListingLensesAsync(string model, CancellationToken cancellation)
    {
        ModelAnalysis analysis = await analyzer.AnalyzeAsync(model, null, cancellation).ConfigureAwait(false);
        string uri = DocumentUri.FromPath(model);
        List<CodeLens> lenses =
            [Lens(0, "$(type-hierarchy) Show graph", "ethosu.showGraph", uri), Lens(0, "$(circuit-board) Compile", "ethosu.compile", uri)];
        if (analysis.Model is not { } shown)
            return lenses;
        foreach (var group in analysis.Findings
            .Where(finding => finding.Severity != Graphs.FindingSeverity.Info && analysis.NodeOf(finding) is not null)
            .GroupBy(analysis.NodeOf))
        {
            bool onCpu = !shown.RunsOnNpu(group.Key!);
            lenses.Add(Lens(analysis.LineOf(group.Key!),
                EditorText.Label(onCpu ? $"falls back to the CPU: {group.First().Reason}" : group.First().Reason), "ethosu.showGraph", uri,
                GraphIds.Of(group.Key!, shown.Graph)));
        }
        return lenses;
    }

    private static CodeLens[] SettingsLenses() =>
        [Lens(0, "$(checklist) Check all models", "ethosu.checkWorkspace"),
        Lens(0, "$(circuit-board) Select target", "ethosu.selectTarget")];

    private static CodeLens Lens(int line, string title, string command, params string[] arguments) => new(Protocol.Range.OfLine(line, 0),
        new(title, command, arguments.Length == 0 ? null
            : [.. arguments.Select(argument => JsonSerializer.SerializeToElement(argument, ProtocolJson.Default.String))]));
}
