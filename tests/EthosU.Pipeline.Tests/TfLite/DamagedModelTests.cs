using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using EthosU.Pipeline.Tests.Compile;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.TfLite;

/// <summary>Whatever numbers a model holds, it is checked, compiled and written, or refused with a reason.</summary>
public sealed class DamagedModelTests
{
    private const long MaxElements = 1 << 16;
    private const int MaxFileBytes = 12000;

    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    private static readonly uint[] Telling =
    [
        0, 1, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 65536,
        .. new float[] { 1e-40f, 1e-30f, 1e-10f, 1e-3f, 1, 1e5f, 1e10f, 1e30f, -1, float.NaN, float.PositiveInfinity }
            .Select(BitConverter.SingleToUInt32Bits),
    ];

    public static TheoryData<string> Reproductions()
    {
        TheoryData<string> data = [];
        string folder = Path.Combine(SharedData.Root, "data", "hostile", "tflite-crash");
        if (Directory.Exists(folder))
            foreach (string file in Directory.EnumerateFiles(folder, "*.tflite").Order())
                data.Add(Path.GetFileName(file));
        return data;
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Reproductions))]
    public void A_reproduction_is_refused_or_compiled(string name)
    {
        string path = SharedData.Require("data", "hostile", "tflite-crash", name);
        Try(File.ReadAllBytes(path), name, new(1));
    }

    [Fact]
    public void Odd_numbers_are_survived()
    {
        int variants = Full ? 300 : 6, compiled = 0, refused = 0;
        Dictionary<string, string> failures = []; // one of each kind
        SharedData.Require("data", "opsuite");
        string[] folders =
            ["opsuite", "peers", "wild", "ratios", Path.Combine("hostile", "tflite-crash"), Path.Combine("hostile", "tflite-different")];
        foreach (string file in folders.Select(folder => Path.Combine(SharedData.Root, "data", folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.tflite").Order()))
        {
            byte[] sound = File.ReadAllBytes(file);
            if (sound.Length > MaxFileBytes)
                continue;
            Random random = new(sound.Length + file.Length);
            for (int i = 0; i < variants; i++)
            {
                byte[] copy = i % 3 == 2 ? Mutation.Of(sound, random) : [.. sound];
                for (int changes = i % 3 == 2 ? 0 : random.Next(1, 4); changes > 0; changes--)
                    BitConverter.TryWriteBytes(copy.AsSpan(4 * random.Next(2, copy.Length / 4)), Telling[random.Next(Telling.Length)]);
                try
                {
                    if (Try(copy, file, random))
                        compiled++;
                    else
                        refused++;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    failures.TryAdd(e.StackTrace?.Split('\n')[0] ?? "", $"{Path.GetFileName(file)}, variant {i}: {e}");
                }
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n\n", failures.Values));
        Assert.True(compiled > 100 && refused > 100, $"{compiled} compiled, {refused} were refused");
    }

    private static bool Try(byte[] content, string name, Random random)
    {
        try
        {
            Graph graph = TfLiteReader.Read(content, name);
            if (graph.Tensors.Any(tensor => tensor.Shape.ElementCount > MaxElements))
                return false;
            Target target = CompileCheck.Target("ethos-u55-128", "Shared_Sram");
            SupportReport support = SupportChecker.Check(graph, target);
            CompileResult result = NpuCompiler.Compile(graph, new(target));
            Assert.Equal(support.RunsOnNpuOnly, result.RunsEntirelyOnNpu
                || result.Findings.Any(finding => finding.RuleId == "compile-not-exact"));
            Assert.NotEmpty(TfLiteWriter.Write(result.Graph));
            new GraphInterpreter(graph).Run([.. graph.Inputs.Select(input => Values(input, random))]);
            return true;
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException)
        {
            Assert.NotEmpty(e.Message);
            return false;
        }
    }

    private static TensorData Values(Tensor tensor, Random random)
    {
        var bytes = new byte[tensor.Type.ByteCount(tensor.Shape.ElementCount)];
        random.NextBytes(bytes);
        return new(tensor.Type, tensor.Shape, bytes);
    }
}
