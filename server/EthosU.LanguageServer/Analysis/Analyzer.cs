using System.Collections.Concurrent;
using System.Security.Cryptography;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Formats;

namespace EthosU.LanguageServer.Analysis;

/// <summary>Analyses models: once for each version of a file and each target, whoever asks.</summary>
/// <param name="workspace">Its settings count.</param>
/// <param name="check">Reads and places a model; throws as <see cref="CheckJob.Check"/> does.</param>
/// <param name="patience">How long a model may keep others from their turn; null for ten seconds.</param>
internal sealed class Analyzer(Workspace workspace, Func<CheckOptions, CancellationToken, CheckedModel> check, TimeSpan? patience = null)
    : IDisposable
{
    // Several times a file's size is held for it: the graph's constants and what is derived from them.
    private const long CacheBytes = 128L << 20;
    private const long OverheadBytes = 1 << 20;
    private const long ReportBytes = 256 << 10;
    private const long LargestQuickEstimate = 16L << 20;
    private const int Workers = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private const int HashBlock = 1 << 20;

    private readonly AnalysisCache<ModelAnalysis> analyses = new(CacheBytes);
    private readonly AnalysisCache<CompileReport> estimates = new(CacheBytes / 8);
    private readonly SharedWork<ModelAnalysis> analysing = new();
    private readonly SharedWork<CompileReport> estimating = new();
    private readonly ConcurrentDictionary<string, (DateTime Written, long Length, string Hash)> hashes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim slots = new(Workers);
    private bool isDisposed;

    /// <summary>The settings in force for a model.</summary>
    /// <exception cref="SettingsException">A settings file is wrong.</exception>
    /// <exception cref="UserErrorException">The editor's settings are wrong, or a file must not be read in an untrusted
    /// workspace.</exception>
    public ProjectSettings SettingsOf(string path)
    {
        workspace.RequireReadable(path);
        string? found = ProjectSettings.Locate(path, workspace.Folders);
        if (found is not null)
            workspace.RequireReadable(found);
        ProjectSettings settings = ProjectSettings.For(path, found, workspace.Folders, workspace.Settings);
        foreach (string config in settings.Target.ConfigPaths)
            workspace.RequireReadable(config);
        if (settings.Calibration.Path is { } data)
        {
            workspace.RequireReadable(data);
            if (!workspace.IsTrusted && Directory.Exists(data))
                foreach (string sample in Directory.EnumerateFiles(data))
                    workspace.RequireReadable(sample);
        }
        return settings;
    }

    /// <summary>The analysis of a model as its file stands now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="accelerator">Another accelerator than the settings'.</param>
    /// <param name="cancellation">Ends the wait, and the work if nobody else waits for it.</param>
    /// <exception cref="SettingsException">A settings file is wrong.</exception>
    /// <exception cref="UserErrorException">There is no such file, or the editor's settings are wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<ModelAnalysis> AnalyzeAsync(string path, string? accelerator, CancellationToken cancellation)
    {
        ProjectSettings settings = SettingsOf(path).WithAccelerator(accelerator);
        settings.RequireTarget();
        (string hash, long size) = HashOf(path, cancellation);
        string key = $"{hash}|{path}|{settings.AnalysisKey}";
        return analyses.TryGet(key) ?? await analysing.RunAsync(key, stop => InSlotAsync(() =>
        {
            ModelAnalysis analysis = Analyze(path, key, size, settings, stop);
            if (size > LargestQuickEstimate)
                ReturnMemory();
            analyses.Add(key, analysis, analysis.Model is null && analysis.Outline is null ? OverheadBytes : size + OverheadBytes);
            return analysis;
        }, stop), cancellation).ConfigureAwait(false);
    }

    /// <summary>What a model comes to when it is compiled; nothing is written.</summary>
    /// <exception cref="UnsupportedModelException">It cannot be compiled.</exception>
    /// <exception cref="ModelFormatException">It is compiled already, and damaged.</exception>
    public async Task<CompileReport> EstimateAsync(ModelAnalysis analysis, CheckedModel model, CancellationToken cancellation)
    {
        string key = EstimateKey(analysis, model);
        return estimates.TryGet(key) ?? await estimating.RunAsync(key, stop => InSlotAsync(() =>
        {
            CompileReport report = CompileJob.Estimate(analysis.Path, model, analysis.Settings.Goal, stop);
            estimates.Add(key, report, ReportBytes);
            return report;
        }, stop), cancellation).ConfigureAwait(false);
    }

    /// <summary>The same where it is known already or quickly found out; null otherwise, or if the model cannot be compiled.</summary>
    public async Task<CompileReport?> TryEstimateAsync(ModelAnalysis analysis, CancellationToken cancellation)
    {
        if (analysis.Model is not { } model)
            return null;
        if (analysis.Size > LargestQuickEstimate)
            return KnownEstimate(analysis);
        try
        {
            return await EstimateAsync(analysis, model, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UnsupportedModelException or ModelFormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// A compilation of the model was written: from now on what is said of the model is said of that file, whose ranges are calibrated.
    /// </summary>
    public void Remember(ModelAnalysis analysis, CompileReport compiled)
    {
        if (analysis.Model is { } model)
            estimates.Add(EstimateKey(analysis, model), compiled, ReportBytes);
    }

    /// <summary>The same where it is known already.</summary>
    public CompileReport? KnownEstimate(ModelAnalysis analysis) =>
        analysis.Model is { } model ? estimates.TryGet(EstimateKey(analysis, model))
        : null;

    /// <summary>Forgets what is kept by a file's path alone.</summary>
    public void Forget(string path) => hashes.TryRemove(path, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (slots)
        {
            isDisposed = true;
            slots.Dispose();
        }
    }

    private async Task<T> InSlotAsync<T>(Func<T> work, CancellationToken stop)
    {
        await slots.WaitAsync(stop).ConfigureAwait(false);
        int held = 1;
        // Models that take very long must not keep all others waiting.
        using CancellationTokenSource patient = new(patience ?? Patience);
        using CancellationTokenRegistration released = patient.Token.Register(Release);
        try
        {
            return work();
        }
        finally
        {
            Release();
        }

        void Release()
        {
            if (Interlocked.Exchange(ref held, 0) == 0)
                return;
            lock (slots) // the timer may come when all is over
                if (!isDisposed)
                    slots.Release();
        }
    }

    private static string EstimateKey(ModelAnalysis analysis, CheckedModel model) =>
        $"{analysis.Key}|{model.TargetSummary}|{model.TargetSummary.FastMemoryLimit}";

    /// <summary>Gives what a large model needed on the way back to the system, behind the answer.</summary>
    private static void ReturnMemory() => _ = Task.Run(async () =>
    {
        await Task.Delay(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    });

    /// <summary>A hash of a file's content; read again only if the file was written since.</summary>
    private (string Hash, long Size) HashOf(string path, CancellationToken cancellation)
    {
        InputFile.Require(path, ModelFormats.AnyModel);
        FileInfo file = new(path);
        if (hashes.TryGetValue(path, out var known) && known.Written == file.LastWriteTimeUtc && known.Length == file.Length)
            return (known.Hash, known.Length);
        cancellation.ThrowIfCancellationRequested();
        string hash = Hash(path, cancellation);
        hashes[path] = (file.LastWriteTimeUtc, file.Length, hash);
        return (hash, file.Length);
    }

    private static string Hash(string path, CancellationToken cancellation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream stream = InputFile.OpenRead(path);
        var block = new byte[HashBlock];
        for (int read = stream.Read(block); read > 0; read = stream.Read(block))
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, read);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>The nodes of a refused model, to show where the problems are.</summary>
    private static ModelOutline? OutlineOf(string path)
    {
        try
        {
            return ModelFormats.ReadOutline(path);
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException)
        {
            // The findings say what is wrong; there is nothing to show beside them.
            return null;
        }
    }

    private ModelAnalysis Analyze(string path, string key, long size, ProjectSettings settings, CancellationToken cancellation)
    {
        try
        {
            return new(path, key, size, settings, check(settings.CheckOptions(path), cancellation));
        }
        catch (UnsupportedModelException refused)
        {
            return new(path, key, size, settings, refused.Findings, OutlineOf(path));
        }
        catch (ModelFormatException damaged)
        {
            return new(path, key, size, settings,
                [new Finding("model-damaged", FindingSeverity.Error, damaged.Message, "Export the model again.", Source.None)]);
        }
    }
}
