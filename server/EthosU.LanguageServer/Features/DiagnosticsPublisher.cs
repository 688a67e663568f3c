using System.Collections.Concurrent;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;

namespace EthosU.LanguageServer.Features;

/// <summary>
/// Tells the editor the problems of documents: those that the files found out by analysing them, several of which may concern one document.
/// </summary>
internal sealed class DiagnosticsPublisher(Client client) : IDisposable
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<(string Uri, Diagnostic Diagnostic)>> byFile = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim publishing = new(1);

    /// <summary>The files that have problems.</summary>
    public ICollection<string> Files => byFile.Keys;

    /// <summary>True if a file has problems.</summary>
    public bool Has(string file) => byFile.ContainsKey(file);

    /// <summary>Replaces a file's problems and publishes every document that has, or had, some of them.</summary>
    public async Task PublishAsync(string file, IReadOnlyList<(string Uri, Diagnostic Diagnostic)> problems)
    {
        await publishing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            IEnumerable<string> before = byFile.TryGetValue(file, out var old) ? old.Select(p => p.Uri) : [];
            if (problems.Count > 0)
                byFile[file] = problems;
            else
                byFile.TryRemove(file, out _);
            ILookup<string, Diagnostic> all = byFile.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => entry.Value)
                .ToLookup(p => p.Uri, p => p.Diagnostic);
            foreach (string uri in before.Union(problems.Select(p => p.Uri)))
                await client.PublishDiagnosticsAsync(uri, [.. all[uri].Distinct()]).ConfigureAwait(false);
        }
        finally
        {
            publishing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => publishing.Dispose();
}
