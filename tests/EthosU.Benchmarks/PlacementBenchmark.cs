using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using EthosU.Pipeline.Accuracy;
using EthosU.Pipeline.Converting;
using EthosU.Simulator;
using EthosU.Testing;
using EthosU.TfLite;

namespace EthosU.Benchmarks;

/// <summary>
/// What is left to the processor of the blocks of <c>data/zoo</c> and <c>data/reports</c> in 8 bits, the cycles of what is not, and the
/// accuracy of all of it; whether the compiled network gives the interpreter's bytes.
/// </summary>
internal static class PlacementBenchmark
{
    private const int Runs = 4;

    /// <summary>Runs it.</summary>
    /// <param name="output">Where the table goes.</param>
    /// <param name="wanted">Parts of names; none: every block. A folder of blocks stands for those in it.</param>
    public static void Run(TextWriter output, string[] wanted)
    {
        string[] folders = [.. wanted.Where(Directory.Exists)];
        if (folders.Length == 0)
            folders = [.. new[] { "zoo", "reports" }.Select(static name => Path.Combine(SharedData.Root, "data", name))
                .Where(Directory.Exists)];
        string[] parts = [.. wanted.Where(static word => !Directory.Exists(word))];
        output.WriteLine("| block | on the CPU (U55-128) | cycles U55-128 | cycles U65-256 | SQNR | as interpreted |");
        output.WriteLine("| --- | --- | ---: | ---: | ---: | --- |");
        foreach (string block in folders.SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal))
            if (File.Exists(Path.Combine(block, "model.onnx"))
                && (parts.Length == 0 || parts.Any(part => Path.GetFileName(block).Contains(part, StringComparison.Ordinal))))
                output.WriteLine($"| {Path.GetFileName(block)} | {Measure(block)} |");
    }

    private static string Measure(string block)
    {
        using TemporaryFolder folder = new();
        string model = Path.Combine(block, "model.onnx"), calibration = Path.Combine(block, "calib.npz"),
            file = folder.File("model.tflite");
        try
        {
            ConvertJob.Run(new()
            {
                ModelPath = model, OutputPath = file, Calibration = new() { Path = File.Exists(calibration) ? calibration : null },
            });
            AccuracyJobReport accuracy = AccuracyJob.Run(new()
            {
                ModelPath = model, QuantizedPath = file, Data = new() { Path = Path.Combine(block, "inputs.npz") },
                Measure = new() { LayerSamples = 0 },
            });
            Graph quantized = TfLiteReader.Read(File.ReadAllBytes(file), file);
            (string cpu, long small, bool smallSame) = Compile(quantized, "ethos-u55-128", folder);
            (string other, long large, bool largeSame) = Compile(quantized, "ethos-u65-256", folder);
            return string.Create(CultureInfo.InvariantCulture,
                $"{(cpu.Length == 0 ? "–" : cpu)}{(other == cpu ? "" : $" (U65: {other})")} | {small} | {large} | "
                + $"{accuracy.OutputSqnr:F1} | {(smallSame && largeSame ? "yes" : "NO")}");
        }
        catch (UnsupportedModelException e)
        {
            return $"refused: {e.Findings[0].Reason} | | | |";
        }
    }

    private static (string Cpu, long Cycles, bool Same) Compile(Graph graph, string accelerator, TemporaryFolder folder)
    {
        Target target = TargetCatalog.Standard.Resolve(accelerator, null, null);
        SupportReport support = SupportChecker.Check(graph, target);
        string cpu = string.Join(", ", graph.Nodes.Where(node => support.Placements[node] == Placement.Cpu)
            .CountBy(static node => node.Operator.Name).Select(static pair => $"{pair.Value} {pair.Key}"));
        CompileResult result = NpuCompiler.Compile(graph, new(target));
        string file = folder.File($"{accelerator}.tflite");
        File.WriteAllBytes(file, TfLiteWriter.Write(result.Graph));
        return (cpu, result.Estimate.TotalCycles, IsSame(graph, file));
    }

    /// <summary>True if the simulator gives the interpreter's results for random inputs of the whole range.</summary>
    private static bool IsSame(Graph graph, string file)
    {
        Graph compiled = TfLiteReader.Read(File.ReadAllBytes(file), file, out ImmutableArray<Tensor> tensors);
        EthosUOperator npu = new(compiled, tensors, file);
        GraphInterpreter reference = new(graph), simulated = new(compiled, new() { CustomOperator = npu.Run });
        Random random = new(1);
        for (int run = 0; run < Runs; run++)
        {
            TensorData[] inputs = [.. graph.Inputs.Select(input => Values(input, random))];
            foreach ((TensorData a, TensorData b) in reference.Run(inputs).Zip(simulated.Run(inputs)))
                if (!a.Bytes.Span.SequenceEqual(b.Bytes.Span))
                    return false;
        }
        return npu.Violations.IsEmpty;
    }

    private static TensorData Values(Tensor input, Random random)
    {
        byte[] bytes = new byte[input.Type.ByteCount(input.Shape.ElementCount)];
        if (input.Type is ElementType.Int32 or ElementType.Int64)
            return new(input.Type, input.Shape, bytes);
        random.NextBytes(bytes);
        return new(input.Type, input.Shape, bytes);
    }
}
