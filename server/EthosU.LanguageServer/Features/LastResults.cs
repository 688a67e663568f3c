using System.Collections.Concurrent;

namespace EthosU.LanguageServer.Features;

/// <summary>The last result of each model's conversion or compilation, in a few words, for code lenses.</summary>
internal sealed class LastResults
{
    private readonly ConcurrentDictionary<string, string> words = new(StringComparer.Ordinal);

    /// <summary>The words; null if there was no result yet.</summary>
    public string? Describe(string modelPath) => words.GetValueOrDefault(modelPath);

    /// <summary>Remembers a result.</summary>
    public void Set(string modelPath, string description) => words[modelPath] = description;
}
