using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npy;
using EthosU.Simulator;
using EthosU.Testing;
using EthosU.TfLite;

namespace EthosU.Benchmarks;

/// <summary>
/// Time and memory that simulating MobileNetV2 at 224 × 224 takes, compiled for the Ethos-U55-128. Goal: 5 s on one core, 200 MB.
/// </summary>
internal static class SimulatorBenchmark
{
    private const int Repetitions = 3;

    public static int Run(TextWriter output)
    {
        string path = Path.Combine(SharedData.Root, "data", "models", "vela", "5.1", "ethos-u55-128", "mobilenet_v2_224_int8.tflite");
        string arrays = Path.Combine(SharedData.Root, "data", "models", "mobilenet_v2_224_int8.npz");
        if (!File.Exists(path) || !File.Exists(arrays))
        {
            output.WriteLine("simulator: the compiled MobileNetV2 is not present beside the repository");
            return 1;
        }
        Graph graph = TfLiteReader.Read(File.ReadAllBytes(path), path, out ImmutableArray<Tensor> tensors);
        TensorData input;
        using (NumpyArchive archive = NumpyArchive.Open(arrays))
            input = new(graph.Inputs[0].Type, graph.Inputs[0].Shape, archive.Read("in0").Row(0));
        foreach (bool check in (bool[])[true, false])
        {
            EthosUOperator npu = new(graph, tensors, path, new() { Check = check });
            Node node = graph.Nodes.Single(EthosUNode.Matches);
            TensorData?[] operands = [.. node.Inputs.Select(tensor => tensor == graph.Inputs[0] ? input : null)];
            for (int i = 0; i < Repetitions; i++)
            {
                Stopwatch watch = Stopwatch.StartNew();
                npu.Run(node, operands);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"simulator: MobileNetV2 224, ethos-u55-128, {(check ? "with" : "without")} checks, run {i + 1}: "
                        + $"{watch.Elapsed.TotalSeconds:F2} s"));
            }
        }
        using Process process = Process.GetCurrentProcess();
        output.WriteLine($"simulator: largest memory {process.PeakWorkingSet64 >> 20} MB");
        return 0;
    }
}
