using System.IO.Compression;
using System.Text.Json.Nodes;
using EthosU.Testing;

namespace EthosU.Simulator.Tests;

/// <summary>The models compiled by Vela for the Ethos-U85: where they are, and where their inputs and expected outputs are.</summary>
internal static class EngineSuite
{
    private const string Models = ".tflite";

    /// <summary>The archives of compiled models, without extension.</summary>
    public static readonly string[] Archives =
    [
        "ethos-u85-256", "ethos-u85-1024", "ethos-u85-256-sram-only", "ethos-u85-1024-sram-only", "ethos-u85-256-vela52",
        "ethos-u85-1024-vela52",
    ];

    /// <summary>The files of an archive: name and content.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(string archive)
    {
        using ZipArchive zip = ZipFile.OpenRead(SharedData.Require("data", "u85", $"{archive}.zip"));
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(static entry => entry.Name.EndsWith(Models, StringComparison.Ordinal)))
        {
            using Stream stream = entry.Open();
            using MemoryStream content = new();
            stream.CopyTo(content);
            files[Path.GetFileNameWithoutExtension(entry.Name)] = content.ToArray();
        }
        return files;
    }

    /// <summary>What the index says of a case on a target.</summary>
    public static JsonObject? Row(JsonNode index, string name, string archive)
    {
        string target = archive.Replace("-sram-only", " sram-only", StringComparison.Ordinal)
            .Replace("-vela52", "", StringComparison.Ordinal);
        return index[name]?[target]?.AsObject();
    }

    /// <summary>The index.</summary>
    public static JsonNode Index() => JsonNode.Parse(File.ReadAllText(SharedData.Require("data", "u85", "index.json")))!;

    /// <summary>Inputs and outputs of a case; null if none are recorded.</summary>
    /// <param name="name">The case.</param>
    /// <param name="folder">Where to put what is in an archive.</param>
    public static string? Recorded(string name, string folder)
    {
        foreach (string place in (string[])["opsuite", "models", "wild"])
            if (Path.Combine(SharedData.Root, "data", place, $"{name}.npz") is var path && File.Exists(path))
                return path;
        using ZipArchive zip = ZipFile.OpenRead(SharedData.Require("data", "u85", "extra-cases.zip"));
        if (zip.GetEntry($"{name}.npz") is not { } entry)
            return null;
        string extracted = Path.Combine(folder, $"{name}.npz");
        entry.ExtractToFile(extracted, overwrite: true);
        return extracted;
    }
}
