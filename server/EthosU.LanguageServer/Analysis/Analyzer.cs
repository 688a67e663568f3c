using System.Collections.Concurrent;
using System.Security.Cryptography;
using EthosU.Graphs;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline;

namespace EthosU.LanguageServer.Analysis;

/// <summary>Analyses models: once for each version of a file and each target, whoever asks.</summary>
internal sealed class Analyzer(Workspace workspace)
{
    // Several times a file's size is held for it: the graph's constants and what is derived from them.
    private const long CacheBytes = 192L << 20;
    private const long OverheadBytes = 1 << 20;

    private readonly AnalysisCache<ModelAnalysis> cache = new(CacheBytes);
    private readonly ConcurrentDictionary<string, (DateTime Written, long Length, string Hash)> hashes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim slot = new(1);

    /// <summary>The settings in force for a model.</summary>
    /// <exception cref="UserErrorException">A settings file is wrong.</exception>
    public ProjectSettings SettingsOf(string path) => ProjectSettings.For(path, workspace.Folders, workspace.Settings);

    /// <summary>The analysis of a model as its file stands now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="accelerator">Another accelerator than the settings'.</param>
    /// <param name="cancellation">Ends the wait, and the work if it has begun.</param>
    /// <exception cref="UserErrorException">A settings file is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<ModelAnalysis> AnalyzeAsync(string path, string? accelerator, CancellationToken cancellation)
    {
        ProjectSettings settings = SettingsOf(path);
        if (accelerator is not null)
            settings = settings with { Target = settings.Target with { Accelerator = accelerator } };
        await slot.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() =>
            {
                (string hash, long size) = HashOf(path, cancellation);
                string key = $"{hash}|{path}|{settings.AnalysisKey}";
                if (cache.TryGet(key) is { } known)
                    return known;
                ModelAnalysis analysis = Analyze(path, settings, cancellation);
                cache.Add(key, analysis, analysis.Model is null ? OverheadBytes : size + OverheadBytes);
                return analysis;
            }, cancellation).ConfigureAwait(false);
        }
        finally
        {
            slot.Release();
        }
    }

    /// <summary>A hash of a file's content; read again only if the file was written since.</summary>
    public (string Hash, long Size) HashOf(string path, CancellationToken cancellation)
    {
        FileInfo file = new(path);
        if (!file.Exists)
            throw new UserErrorException($"{path} does not exist.");
        if (hashes.TryGetValue(path, out var known) && known.Written == file.LastWriteTimeUtc && known.Length == file.Length)
            return (known.Hash, known.Length);
        cancellation.ThrowIfCancellationRequested();
        using FileStream stream = file.OpenRead();
        string hash = Convert.ToHexString(SHA256.HashData(stream));
        hashes[path] = (file.LastWriteTimeUtc, file.Length, hash);
        return (hash, file.Length);
    }

    private static ModelAnalysis Analyze(string path, ProjectSettings settings, CancellationToken cancellation)
    {
        try
        {
            return new(path, settings, CheckJob.Check(new CheckOptions
            {
                ModelPath = path,
                Target = settings.Target,
                InputLayout = settings.InputLayout,
                OutputLayout = settings.OutputLayout,
            }, cancellation));
        }
        catch (UnsupportedModelException refused)
        {
            return new(path, settings, refused.Findings);
        }
        catch (ModelFormatException damaged)
        {
            return new(path, settings, [new Finding("model-damaged", FindingSeverity.Error, damaged.Message, "Export the model again.", Source.None)]);
        }
    }
}
