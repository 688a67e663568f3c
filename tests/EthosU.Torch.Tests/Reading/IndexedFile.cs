using System.Text.Json;
using EthosU.Testing;

namespace EthosU.Torch.Tests.Reading;

/// <summary>A file of the test data and what its folder's index says of it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Entry">What the index says.</param>
internal sealed record IndexedFile(string Path, JsonElement Entry)
{
    /// <summary>Its name.</summary>
    public string Name => Entry.GetProperty("name").GetString()!;

    /// <summary>What it must yield: <c>right</c>, or <c>refused: why</c>.</summary>
    public string Expectation => Entry.GetProperty("expect").GetString()!;

    /// <summary>The files of a folder; the running test is skipped where they are missing.</summary>
    public static IReadOnlyList<IndexedFile> In(string folder)
    {
        string path = SharedData.Require("data", "pt2", folder);
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(path, "index.json")));
        return [.. index.RootElement.EnumerateArray().Select(entry => new IndexedFile(
            System.IO.Path.Combine(path, entry.GetProperty("file").GetString()!), entry.Clone()))];
    }

    /// <summary>A file of a folder by its name.</summary>
    public static IndexedFile Of(string folder, string name) => In(folder).Single(file => file.Name == name);
}
