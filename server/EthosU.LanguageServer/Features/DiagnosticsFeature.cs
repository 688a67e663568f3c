using System.Collections.Concurrent;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>
/// Problems: models and settings files are looked at again when something changes, and the editor is told what was found.
/// </summary>
internal sealed class DiagnosticsFeature(
    Client client, Workspace workspace, WorkspaceModels models, Analyzer analyzer, DiagnosticsPublisher publisher, ServerLog log)
        : IDisposable
{
    // The analysis of which the editor was told, by its key.
    private readonly ConcurrentDictionary<string, string> published = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopped = new();

    /// <summary>Analyses all models of the workspace in the background.</summary>
    public void CheckWorkspace()
    {
        if (!models.AreCheckedAutomatically)
            return;
        foreach (string model in models.Find())
            Check(model);
    }

    [JsonRpcMethod("workspace/didChangeWatchedFiles", UseSingleObjectParameterDeserialization = true)]
    public void DidChangeWatchedFiles(DidChangeWatchedFilesParams parameters)
    {
        foreach (FileEvent change in parameters.Changes.OfType<FileEvent>())
        {
            if (DocumentUri.TryToPath(change.Uri) is not { } path)
                continue;
            if (WorkspaceModels.IsModel(path))
                models.ForgetModels();
            if (SettingsProblems.IsSettings(path))
                SettingsChanged(path);
            else if (path.EndsWith(".py", StringComparison.Ordinal))
                models.ForgetPythonFiles();
            else if (change.Type == 3)
                Forget(path);
            else if (models.AreCheckedAutomatically || publisher.Has(path))
                Check(path);
        }
    }

    /// <summary>A text was opened or changed in the editor.</summary>
    public void TextChanged(string uri)
    {
        if (DocumentUri.TryToPath(uri) is { } path && SettingsProblems.IsSettings(path))
            CheckSettings(path);
        else if (ListingUri.TryToPath(uri) is { } model && InputFile.Exists(model))
            Check(model);
    }

    /// <summary>Says what is wrong with a settings file.</summary>
    public void CheckSettings(string path) =>
        _ = publisher.PublishAsync(path,
        [.. SettingsProblems.Of(path, workspace).Select(problem => (DocumentUri.FromPath(path), problem))]);

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
        models.ForgetPythonFiles();
        models.ForgetModels();
        foreach (string settings in publisher.Files.Where(SettingsProblems.IsSettings))
            CheckSettings(settings);
        IEnumerable<string> found = models.AreCheckedAutomatically ? models.Find() : [];
        foreach (string model in found
            .Union(publisher.Files.Where(InputFile.Exists).Where(WorkspaceModels.IsModel), StringComparer.Ordinal))
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
        catch (Exception e)
            when (e is StreamJsonRpc.RemoteRpcException or ObjectDisposedException or StreamJsonRpc.ConnectionLostException
            or OperationCanceledException)
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
            bool isNew = published.TryGetValue(path, out string? before) && before != analysis.Key;
            published[path] = analysis.Key;
            await publisher.PublishAsync(path, FindingPlacement.Of(analysis, workspace, models)).ConfigureAwait(false);
            if (isNew)
                await client.ModelChangedAsync(DocumentUri.FromPath(path)).ConfigureAwait(false);
            return analysis;
        }
        catch (Exception e)
            when (e is UserErrorException or IOException or UnauthorizedAccessException or ModelFormatException
            or UnsupportedModelException)
        {
            if (e is SettingsException settings)
                CheckSettings(settings.File);
            await publisher.PublishAsync(path, [(ListingUri.FromPath(path), SettingsProblems.Make(0, e.Message))]).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            string reference = log.Bug($"check {path}", e);
            await publisher.PublishAsync(path,
                [(ListingUri.FromPath(path), new Diagnostic(Protocol.Range.OfLine(0), DiagnosticSeverity.Error, "engine-error", "Ethos-U",
                $"The engine failed on this model ({e.GetType().Name}). This is an error in Ethos-U Bridge; the output channel has the "
                    + $"details under {reference}."))]).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>The analyses of all models that were checked.</summary>
    public async Task<IReadOnlyList<ModelAnalysis>> AnalysesAsync(CancellationToken cancellation)
    {
        List<ModelAnalysis> analyses = [];
        foreach (string path in publisher.Files.Where(WorkspaceModels.IsModel).Where(InputFile.Exists).Order(StringComparer.Ordinal))
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

    /// <summary>Takes back the problems of a model that is gone.</summary>
    private void Forget(string path)
    {
        published.TryRemove(path, out _);
        analyzer.Forget(path);
        _ = publisher.PublishAsync(path, []);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopped.Cancel();
        stopped.Dispose();
    }
}
