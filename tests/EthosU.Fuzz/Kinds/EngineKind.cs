using System.IO.Compression;
using EthosU.Fuzz.Mutants;
using EthosU.Testing;

namespace EthosU.Fuzz.Kinds;

/// <summary>Files that others have compiled for an Ethos-U85, which lie in archives: listed, inspected, and run in the simulator.</summary>
internal sealed class EngineKind : FuzzKind
{
    private const long LargestFile = 12 << 10;
    private readonly Lazy<byte[][]> seeds = new(static () => [.. Contents()]);

    public override string Name => "engine";

    public override string Extension => ".tflite";

    public override int SeedCount => seeds.Value.Length;

    public override byte[] Seed(int index) => seeds.Value[index];

    public override string? Run(byte[] content, string folder, Random random)
    {
        string model = Path.Combine(folder, "net_npu.tflite");
        File.WriteAllBytes(model, content);
        if (CommandLine.Run("disassemble", model).Fault is { } fault)
            return fault;
        if (random.Next(4) == 0 && CommandLine.Run(random.Next(2) == 0 ? "inspect" : "check", model).Fault is { } unreadable)
            return unreadable;
        return Differential.WriteInputs(model, folder, random) is { } inputs
            ? Differential.Run(model, inputs, Path.Combine(folder, "out")).Fault : null;
    }

    protected override byte[] Mutate(byte[] seed, byte[] other, Random random) =>
        random.Next(3) == 0 ? FlatBufferMutator.Mutate(seed, random) : CommandStreamMutator.Mutate(seed, random);

    private static IEnumerable<byte[]> Contents()
    {
        string folder = Path.Combine(SharedData.Root, "data", "u85");
        if (!Directory.Exists(folder))
            yield break;
        foreach (string path in Directory.EnumerateFiles(folder, "ethos-u85-*.zip").Order(StringComparer.Ordinal))
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            foreach (ZipArchiveEntry entry in zip.Entries.Where(static entry => entry.Name.EndsWith(".tflite", StringComparison.Ordinal)
                && entry.Length <= LargestFile).OrderBy(static entry => entry.Name, StringComparer.Ordinal))
            {
                using Stream stream = entry.Open();
                using MemoryStream content = new();
                stream.CopyTo(content);
                yield return content.ToArray();
            }
        }
    }
}
