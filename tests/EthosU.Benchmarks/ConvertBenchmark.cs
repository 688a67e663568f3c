using System.Diagnostics;
using System.Globalization;
using EthosU.Pipeline.Converting;
using EthosU.Quantize.Data;
using EthosU.Testing;

namespace EthosU.Benchmarks;

/// <summary>How long a conversion takes: each network of the zoo with 100 calibration samples, the best of three runs.</summary>
internal static class ConvertBenchmark
{
    private const int Samples = 100;
    private const int Runs = 3;

    public static void Run(TextWriter writer)
    {
        string folder = Path.Combine(SharedData.Root, "data");
        string output = Path.Combine(Path.GetTempPath(), $"ethosu-bench-{Environment.ProcessId}.tflite");
        writer.WriteLine($"convert: int8, {Samples} calibration samples, best of {Runs}, {Environment.ProcessorCount} cores");
        writer.WriteLine("| network | seconds | KiB |\n| --- | ---: | ---: |");
        foreach (string name in ZooModel.Names)
        {
            double best = double.PositiveInfinity;
            for (int i = 0; i < Runs; i++)
            {
                Stopwatch watch = Stopwatch.StartNew();
                ConvertJob.Run(new ConvertOptions
                {
                    ModelPath = Path.Combine(folder, "models", "pytorch", $"{name}.onnx"),
                    OutputPath = output,
                    Calibration = new() { Path = Path.Combine(folder, "cifar10", "calibration.npz"), Samples = Samples, Preprocessing =
                        Preprocessing.Parse("1/255", null, null) },
                });
                best = Math.Min(best, watch.Elapsed.TotalSeconds);
            }
            writer.WriteLine(string
                .Create(CultureInfo.InvariantCulture, $"| {name} | {best:F2} | {new FileInfo(output).Length / 1024.0:F0} |"));
        }
        File.Delete(output);
    }
}
