using System.IO.Compression;
using EthosU.Testing;

namespace EthosU.Simulator.Tests;

/// <summary>The models compiled by Vela, and where their inputs and expected outputs are.</summary>
internal static class CompiledSuite
{
    public static readonly string[] Archives = ["5.1/ethos-u55-128", "5.1/ethos-u65-256", "3.10/ethos-u55-128"];

    /// <summary>The files of an archive of single operators: name and content.</summary>
    public static IReadOnlyDictionary<string, byte[]> Operators(string archive)
    {
        using ZipArchive zip = ZipFile.OpenRead(SharedData.Require("data", "opsuite", "vela", $"{archive}.zip"));
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(static entry => entry.Name.EndsWith(".tflite", StringComparison.Ordinal)))
        {
            using Stream stream = entry.Open();
            using MemoryStream content = new();
            stream.CopyTo(content);
            files[Path.GetFileNameWithoutExtension(entry.Name)] = content.ToArray();
        }
        return files;
    }

    /// <summary>The compiled networks: paths below the folder of compiled models.</summary>
    public static IEnumerable<string> Networks()
    {
        string root = SharedData.Require("data", "models", "vela");
        return Directory.EnumerateFiles(root, "*.tflite", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);
    }
}
