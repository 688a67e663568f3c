using EthosU.Fuzz.Mutants;
using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Npu.Targets;
using EthosU.Testing;
using EthosU.TfLite;

namespace EthosU.Fuzz.Kinds;

/// <summary>Seeds that are files.</summary>
/// <param name="extension">How they end.</param>
/// <param name="largest">Bytes of the largest that is taken.</param>
/// <param name="suits">Which of them are taken; null for all.</param>
internal abstract class FileKind(string extension, long largest, Func<string, bool>? suits = null) : FuzzKind
{
    private readonly Lazy<byte[][]> seeds = new(() => [.. Files(extension, largest, suits).Select(File.ReadAllBytes)]);

    public override string Extension => extension;

    public override int SeedCount => seeds.Value.Length;

    public override byte[] Seed(int index) => seeds.Value[index];

    protected static string Write(string folder, string name, byte[] content)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Checks and converts a model as a user would, and runs what comes out both ways.</summary>
    protected static string? Convert(string model, string folder, Random random)
    {
        string converted = Path.Combine(folder, "net.tflite");
        if (random.Next(4) == 0 && CommandLine.Run("inspect", model).Fault is { } unreadable)
            return unreadable;
        if (CommandLine.Run("check", model).Fault is { } fault)
            return fault;
        (int code, string? failure) =
            CommandLine.Run("convert", model, "-o", converted, "-q", "--samples", "2", "--precision", random.Next(4) == 0 ? "int16x8"
            : "int8");
        if (failure is not null || code != 0)
            return failure;
        return CommandLine.Run("inspect", converted) is { Code: not 0 } refused
            ? $"convert writes a file that inspect refuses ({refused.Fault})" : Differential.Check(converted, folder, random);
    }

    // What takes long by its own size says nothing of mutants; damaged files are seeds of their own kinds of damage.
    protected static bool IsQuick(string file) =>
        !file.Contains("5000", StringComparison.Ordinal)
        && !file.Contains($"hostile{Path.DirectorySeparatorChar}onnx-memory", StringComparison.Ordinal);
}

/// <summary>ONNX files: read, checked, converted to int8, and what comes out run both ways.</summary>
internal sealed class OnnxKind() : FileKind(".onnx", 24 << 10, IsQuick)
{
    public override string Name => "onnx";

    public override string? Run(byte[] content, string folder, Random random) =>
        Convert(Write(folder, "net.onnx", content), folder, random);

    protected override byte[] Mutate(byte[] seed, byte[] other, Random random) => ProtobufMutator.Mutate(seed, other, random);
}

/// <summary>Exported PyTorch programs: read, checked, converted to int8, and what comes out run both ways.</summary>
internal sealed class TorchKind() : FileKind(".pt2", 24 << 10, IsQuick)
{
    public override string Name => "pt2";

    public override string? Run(byte[] content, string folder, Random random) => Convert(Write(folder, "net.pt2", content), folder, random);

    protected override byte[] Mutate(byte[] seed, byte[] other, Random random) =>
        ArchiveMutation.Of(seed, random, JsonMutator.Mutate);
}

/// <summary>TensorFlow Lite files: read, compiled, and run both ways.</summary>
internal sealed class TfLiteKind()
    : FileKind(".tflite", 24 << 10, static file => IsQuick(file) && !file.Contains("vela", StringComparison.OrdinalIgnoreCase))
{
    public override string Name => "tflite";

    public override string? Run(byte[] content, string folder, Random random)
    {
        string model = Write(folder, "net.tflite", content);
        if (random.Next(4) == 0 && CommandLine.Run("inspect", model).Fault is { } fault)
            return fault;
        return Differential.Check(model, folder, random);
    }

    protected override byte[] Mutate(byte[] seed, byte[] other, Random random) => FlatBufferMutator.Mutate(seed, random);
}

/// <summary>Compiled files: listed, and run in the simulator.</summary>
internal sealed class CompiledKind() : FileKind(".tflite", 12 << 10, static file => file.Contains("opsuite", StringComparison.Ordinal))
{
    private static readonly string[] Accelerators =
        ["ethos-u55-32", "ethos-u55-64", "ethos-u55-128", "ethos-u55-256", "ethos-u65-256", "ethos-u65-512"];
    private readonly Dictionary<int, byte[]> compiled = [];

    public override string Name => "compiled";

    public override byte[] Seed(int index)
    {
        if (!compiled.TryGetValue(index, out byte[]? file))
        {
            Graph graph = TfLiteReader.Read(base.Seed(index), "seed");
            Target target = TargetCatalog.Standard.Resolve(Accelerators[index % Accelerators.Length], null, null, null);
            compiled[index] = file =
                TfLiteWriter.Write(NpuCompiler.Compile(graph, new CompileOptions(target), null, CancellationToken.None).Graph);
        }
        return file;
    }

    public override string? Run(byte[] content, string folder, Random random)
    {
        string model = Write(folder, "net_npu.tflite", content);
        if (CommandLine.Run("disassemble", model).Fault is { } fault)
            return fault;
        return Differential.WriteInputs(model, folder, random) is { } inputs
            ? Differential.Run(model, inputs, Path.Combine(folder, "out")).Fault : null;
    }

    protected override byte[] Mutate(byte[] seed, byte[] other, Random random) =>
        random.Next(3) == 0 ? FlatBufferMutator.Mutate(seed, random) : CommandStreamMutator.Mutate(seed, random);
}
