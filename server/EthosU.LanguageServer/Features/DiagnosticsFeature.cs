using System.Collections.Concurrent;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;
using EthosU.LanguageServer.Python;
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
    private readonly ConcurrentDictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopped = new();
    private readonly SemaphoreSlim publishing = new(1);
    private Lazy<PythonFiles>? pythonFiles;

    /// <summary>Called with a model whose analysis is new.</summary>
    public Action<string>? Changed { get; set; }

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
        foreach (FileEvent change in parameters.Changes)
        {
            if (DocumentUri.TryToPath(change.Uri) is not { } path)
                continue;
            if (Path.GetFileName(path) == ProjectSettings.FileName)
                CheckWorkspace();
            else if (path.EndsWith(".py", StringComparison.Ordinal))
                pythonFiles = null;
            else if (change.Type == 3)
                Forget(path);
            else if (IsAutomatic() || byModel.ContainsKey(path))
                Check(path);
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
                await CheckAsync(path, mine.Token).ConfigureAwait(false);
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
    public async Task<ModelAnalysis?> CheckAsync(string path, CancellationToken cancellation)
    {
        try
        {
            ModelAnalysis analysis = await analyzer.AnalyzeAsync(path, null, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            await PublishAsync(path, [.. analysis.Findings.SelectMany(finding => Place(analysis, finding))]).ConfigureAwait(false);
            Changed?.Invoke(path);
            return analysis;
        }
        catch (Exception e) when (e is UserErrorException or IOException or UnauthorizedAccessException or ModelFormatException or UnsupportedModelException)
        {
            string place = ProjectSettings.Locate(path, workspace.Folders) is { } settings && e is UserErrorException ? DocumentUri.FromPath(settings) : ListingUri.FromPath(path);
            await PublishAsync(path, [(place, new Diagnostic(Protocol.Range.OfLine(0), DiagnosticSeverity.Error, "settings", "Ethos-U", e.Message))]).ConfigureAwait(false);
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
        foreach (string path in byModel.Keys.Where(File.Exists).Order(StringComparer.Ordinal))
            analyses.Add(await analyzer.AnalyzeAsync(path, null, cancellation).ConfigureAwait(false));
        return analyses;
    }

    /// <summary>The models of the workspace, in the order of their paths.</summary>
    public IReadOnlyList<string> FindModels()
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };
        return [.. workspace.Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", options)
            .Where(path => Path.GetExtension(path).ToUpperInvariant() is ".ONNX" or ".TFLITE")
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(SkippedFolders.Contains)))
            .Take(MostModels).Order(StringComparer.Ordinal)];
    }

    /// <summary>Takes back the problems of a model that is gone.</summary>
    private void Forget(string path) => _ = PublishAsync(path, []);

    private bool IsAutomatic() => workspace.Settings is not { } settings || !settings.TryGetProperty("check", out var check)
        || !check.TryGetProperty("automatic", out var automatic) || automatic.ValueKind != System.Text.Json.JsonValueKind.False;

    private IEnumerable<(string Uri, Diagnostic Diagnostic)> Place(ModelAnalysis analysis, Finding finding)
    {
        string listing = ListingUri.FromPath(analysis.Path);
        int line = analysis.LineOf(finding);
        string model = Path.GetFileName(analysis.Path);
        (string Uri, int Line)? python = finding.Source.UserFrame is { } frame && FindPython(frame.File) is { } file
            ? (DocumentUri.FromPath(file), Math.Max(0, frame.Line - 1)) : null;
        yield return (listing, Make(finding, line, $"{Name(finding)}{finding.Reason} {finding.Advice}",
            python is { } source ? [new(new(source.Uri, Protocol.Range.OfLine(source.Line)), "made by this line")] : null));
        if (python is { } place)
        {
            yield return (place.Uri, Make(finding, place.Line, $"{model}: {Name(finding)}{finding.Reason} {finding.Advice}",
                [new(new(listing, Protocol.Range.OfLine(line)), $"the operator in {model}")]));
        }
    }

    private static string Name(Finding finding) => finding.Operator is { } op ? $"{op}: " : "";

    private Diagnostic Make(Finding finding, int line, string message, IReadOnlyList<DiagnosticRelatedInformation>? related) => new(
        Protocol.Range.OfLine(line),
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
