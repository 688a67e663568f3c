using System.Collections.Concurrent;

namespace EthosU.LanguageServer.Features;

/// <summary>The last result of each model's conversion or compilation, in a few words, for code lenses, and its accuracy where it was measured.</summary>
internal sealed class LastResults
{
    private readonly ConcurrentDictionary<string, string> words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<Fact>> accuracy = new(StringComparer.Ordinal);

    /// <summary>The words; null if there was no result yet.</summary>
    public string? Describe(string modelPath) => words.GetValueOrDefault(modelPath);

    /// <summary>Remembers a result.</summary>
    public void Set(string modelPath, string description) => words[modelPath] = description;

    /// <summary>Remembers the accuracy of a conversion.</summary>
    public void SetAccuracy(string modelPath, IReadOnlyList<Fact> facts) => accuracy[modelPath] = facts;

    /// <summary>What is known of the accuracy of a model's conversion; empty if nothing is.</summary>
    public IReadOnlyList<Fact> AccuracyOf(string modelPath) => accuracy.GetValueOrDefault(modelPath) ?? [];
}
