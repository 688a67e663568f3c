using System.Collections.Concurrent;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;
using EthosU.LanguageServer.Python;
using EthosU.Pipeline.Formats;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>
/// Problems: each finding of a model stands on its line of the model's listing, and on the Python line that the operator
/// came from where that is known and the file is in the workspace.
/// </summary>
internal sealed class DiagnosticsFeature(Client client, Workspace workspace, Analyzer analyzer, ServerLog log) : IDisposable
{
    private const int MostModels = 500;
    private static readonly string[] SkippedFolders = ["node_modules", "site-packages", "dist-packages", "bin", "obj"];

    private readonly ConcurrentDictionary<string, IReadOnlyList<(string Uri, Diagnostic Diagnostic)>> byModel = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> told = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopped = new();
    private readonly SemaphoreSlim publishing = new(1);
    private Lazy<PythonFiles>? pythonFiles;

    /// <summary>The recorded Python file in the workspace; null if it is not there.</summary>
    public string? FindPython(string recorded)
    {
        Lazy<PythonFiles> files = pythonFiles ??= new(() => new PythonFiles(workspace.Folders, stopped.Token));
        return files.Value.Find(recorded);
    }

    /// <summary>Analyses all models of the workspace in the background.</summary>
    public void CheckWorkspace()
    {
        if (!IsAutomatic())
            return;
        foreach (string model in FindModels())
            Check(model);
    }

    [JsonRpcMethod("workspace/didChangeWatchedFiles", UseSingleObjectParameterDeserialization = true)]
    public void DidChangeWatchedFiles(DidChangeWatchedFilesParams parameters)
    {
        foreach (FileEvent change in parameters.Changes.OfType<FileEvent>())
        {
            if (DocumentUri.TryToPath(change.Uri) is not { } path)
                continue;
            if (Path.GetFileName(path) == ProjectSettings.FileName)
                SettingsChanged(path);
            else if (path.EndsWith(".py", StringComparison.Ordinal))
                pythonFiles = null;
            else if (change.Type == 3)
                Forget(path);
            else if (IsAutomatic() || byModel.ContainsKey(path))
                Check(path);
        }
    }

    /// <summary>A text was opened or changed in the editor.</summary>
    public void TextChanged(string uri)
    {
        if (DocumentUri.TryToPath(uri) is { } path && Path.GetFileName(path) == ProjectSettings.FileName)
            CheckSettings(path);
        else if (ListingUri.TryToPath(uri) is { } model && InputFile.Exists(model))
            Check(model);
    }

    /// <summary>Says what is wrong with a settings file as it stands in the editor, or on disk where it is not open.</summary>
    public void CheckSettings(string path)
    {
        Diagnostic[] problems = [];
        try
        {
            ProjectSettings defaults = ProjectSettings.OfEditor(path, workspace.Folders, workspace.Settings);
            if (workspace.TryGet(DocumentUri.FromPath(path)) is { } open)
                SettingsReader.FromText(path, open.Text, defaults).RequireTarget();
            else if (InputFile.Exists(path))
                SettingsReader.FromFile(path, defaults).RequireTarget();
        }
        catch (SettingsException e)
        {
            problems = [new(Protocol.Range.OfLine(e.Line), DiagnosticSeverity.Error, "settings", "Ethos-U", e.Problem)];
        }
        catch (Exception e) when (e is UserErrorException or IOException or UnauthorizedAccessException)
        {
            problems = [new(Protocol.Range.OfLine(0), DiagnosticSeverity.Error, "settings", "Ethos-U", e.Message)];
        }
        _ = PublishAsync(path, [.. problems.Select(problem => (DocumentUri.FromPath(path), problem))]);
    }

    /// <summary>Checks the settings file and every model again.</summary>
    private void SettingsChanged(string path)
    {
        CheckSettings(path);
        Recheck();
        RefreshLenses();
    }

    /// <summary>Checks everything again that was checked before, and what is new if models are checked by themselves.</summary>
    public void Recheck()
    {
        pythonFiles = null;
        foreach (string settings in byModel.Keys.Where(path => Path.GetFileName(path) == ProjectSettings.FileName))
            CheckSettings(settings);
        IEnumerable<string> models = IsAutomatic() ? FindModels() : [];
        foreach (string model in models.Union(byModel.Keys.Where(InputFile.Exists).Where(IsModel), StringComparer.Ordinal))
            Check(model);
    }

    /// <summary>Asks the editor to fetch code lenses again.</summary>
    public void RefreshLenses() => _ = RefreshLensesAsync();

    private async Task RefreshLensesAsync()
    {
        try
        {
            await client.RefreshCodeLensesAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is StreamJsonRpc.RemoteRpcException or ObjectDisposedException or StreamJsonRpc.ConnectionLostException or OperationCanceledException)
        {
            log.Error("code lenses", e.Message);
        }
    }

    /// <summary>Analyses a model in the background and publishes its problems; an analysis of an older version is given up.</summary>
    public void Check(string path)
    {
        CancellationTokenSource mine = CancellationTokenSource.CreateLinkedTokenSource(stopped.Token);
        running.AddOrUpdate(path, mine, (_, old) =>
        {
            old.Cancel();
            return mine;
        });
        _ = Task.Run(async () =>
        {
            try
            {
                await CheckAsync(path, null, mine.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // A newer version is being analysed, or the server ends.
            }
            catch (Exception e)
            {
                log.Bug($"check {path}", e);
            }
            finally
            {
                running.TryRemove(new(path, mine));
            }
        }, CancellationToken.None);
    }

    /// <summary>Analyses a model and publishes its problems.</summary>
    public async Task<ModelAnalysis?> CheckAsync(string path, string? accelerator, CancellationToken cancellation)
    {
        try
        {
            ModelAnalysis analysis = await analyzer.AnalyzeAsync(path, accelerator, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            bool isNew = told.TryGetValue(path, out string? before) && before != analysis.Key;
            told[path] = analysis.Key;
            await PublishAsync(path, [.. Place(analysis)]).ConfigureAwait(false);
            if (isNew)
                await client.ModelChangedAsync(DocumentUri.FromPath(path)).ConfigureAwait(false);
            return analysis;
        }
        catch (Exception e) when (e is UserErrorException or IOException or UnauthorizedAccessException or ModelFormatException or UnsupportedModelException)
        {
            if (e is SettingsException settings)
                CheckSettings(settings.File);
            await PublishAsync(path, [(ListingUri.FromPath(path), new Diagnostic(Protocol.Range.OfLine(0), DiagnosticSeverity.Error, "settings", "Ethos-U", e.Message))]).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            string reference = log.Bug($"check {path}", e);
            await PublishAsync(path, [(ListingUri.FromPath(path), new Diagnostic(Protocol.Range.OfLine(0), DiagnosticSeverity.Error, "engine-error", "Ethos-U",
                $"The engine failed on this model ({e.GetType().Name}). This is an error in Ethos-U Bridge; the output channel has the details under {reference}."))]).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>The analyses of all models that were checked.</summary>
    public async Task<IReadOnlyList<ModelAnalysis>> AnalysesAsync(CancellationToken cancellation)
    {
        List<ModelAnalysis> analyses = [];
        foreach (string path in byModel.Keys.Where(IsModel).Where(InputFile.Exists).Order(StringComparer.Ordinal))
        {
            try
            {
                analyses.Add(await analyzer.AnalyzeAsync(path, null, cancellation).ConfigureAwait(false));
            }
            catch (Exception e) when (e is UserErrorException or IOException or UnauthorizedAccessException)
            {
                // Its own diagnostics say so.
            }
        }
        return analyses;
    }

    /// <summary>The models of the workspace, in the order of their paths.</summary>
    public IReadOnlyList<string> FindModels()
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };
        return [.. workspace.Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", options)
            .Where(IsModel)
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(SkippedFolders.Contains)))
            .Take(MostModels).Order(StringComparer.Ordinal)];
    }

    /// <summary>Takes back the problems of a model that is gone.</summary>
    private void Forget(string path)
    {
        told.TryRemove(path, out _);
        analyzer.Forget(path);
        _ = PublishAsync(path, []);
    }

    private static bool IsModel(string path) => ModelFormats.ByName(path) is not null;

    private bool IsAutomatic() => workspace.Settings is not { } settings || !settings.TryGetProperty("check", out var check)
        || !check.TryGetProperty("automatic", out var automatic) || automatic.ValueKind != System.Text.Json.JsonValueKind.False;

    private IEnumerable<(string Uri, Diagnostic Diagnostic)> Place(ModelAnalysis analysis)
    {
        Dictionary<string, string[]> scripts = new(StringComparer.Ordinal);
        return analysis.Findings.SelectMany(finding => Place(analysis, finding, scripts));
    }

    private IEnumerable<(string Uri, Diagnostic Diagnostic)> Place(ModelAnalysis analysis, Finding finding, Dictionary<string, string[]> scripts)
    {
        string listing = ListingUri.FromPath(analysis.Path);
        int line = analysis.LineOf(finding);
        string model = Path.GetFileName(analysis.Path);
        (string Uri, Protocol.Range Range)? python = finding.Source.UserFrame is { } frame && FindPython(frame.File) is { } file
            ? (DocumentUri.FromPath(file), CodeOn(file, Math.Max(0, frame.Line - 1), scripts)) : null;
        yield return (listing, Make(finding, Protocol.Range.OfLine(line), $"{Name(finding)}{finding.Reason} {finding.Advice}",
            python is { } source ? [new(new(source.Uri, source.Range), "made by this line")] : null));
        if (python is { } place)
        {
            yield return (place.Uri, Make(finding, place.Range, $"{model}: {Name(finding)}{finding.Reason} {finding.Advice}",
                [new(new(listing, Protocol.Range.OfLine(line)), $"the operator in {model}")]));
        }
    }

    /// <summary>A line of a script without its indentation.</summary>
    private Protocol.Range CodeOn(string script, int line, Dictionary<string, string[]> scripts)
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

    private Diagnostic Make(Finding finding, Protocol.Range range, string message, IReadOnlyList<DiagnosticRelatedInformation>? related) => new(
        range,
        finding.Severity switch
        {
            FindingSeverity.Error => DiagnosticSeverity.Error,
            FindingSeverity.Warning => DiagnosticSeverity.Warning,
            _ => DiagnosticSeverity.Information,
        },
        finding.RuleId, "Ethos-U", message.TrimEnd(), RulePages.UriOf(workspace, finding.RuleId) is { } page ? new(page) : null, related);

    /// <summary>Replaces a model's problems and publishes every document that has, or had, some of them.</summary>
    private async Task PublishAsync(string path, IReadOnlyList<(string Uri, Diagnostic Diagnostic)> problems)
    {
        await publishing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            IEnumerable<string> before = byModel.TryGetValue(path, out var old) ? old.Select(p => p.Uri) : [];
            if (problems.Count > 0)
                byModel[path] = problems;
            else
                byModel.TryRemove(path, out _);
            ILookup<string, Diagnostic> all = byModel.OrderBy(model => model.Key, StringComparer.Ordinal).SelectMany(model => model.Value).ToLookup(p => p.Uri, p => p.Diagnostic);
            foreach (string uri in before.Union(problems.Select(p => p.Uri)))
                await client.PublishDiagnosticsAsync(uri, [.. all[uri].Distinct()]).ConfigureAwait(false);
        }
        finally
        {
            publishing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopped.Cancel();
        stopped.Dispose();
        publishing.Dispose();
    }
}
