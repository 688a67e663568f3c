using EthosU.Pipeline;
using EthosU.Quantize;
using EthosU.Testing;

namespace EthosU.Benchmarks;

/// <summary>Top-1 of each classifier of the zoo on 2,000 test images: float, int8, and how near the outputs are.</summary>
internal static class AccuracyBenchmark
{
    public static void Run(TextWriter output)
    {
        string data = Path.Combine(SharedData.Root, "data");
        Preprocessing pixels = Preprocessing.Parse("1/255", null, null);
        string quantized = Path.Combine(Path.GetTempPath(), $"ethosu-bench-{Environment.ProcessId}.tflite");
        output.WriteLine("| network | float top-1 | int8 top-1 | difference | agreement | output SQNR |\n| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (string name in ZooModel.Names)
        {
            string model = Path.Combine(data, "models", "pytorch", $"{name}.onnx");
            ConvertJob.Run(new ConvertOptions
            {
                ModelPath = model,
                OutputPath = quantized,
                Calibration = new() { Path = Path.Combine(data, "cifar10", "calibration.npz"), Preprocessing = pixels },
            });
            AccuracyJobReport report = AccuracyJob.Run(new AccuracyJobOptions
            {
                ModelPath = model,
                QuantizedPath = quantized,
                Data = new() { Path = Path.Combine(data, "cifar10", "test2000.npz"), Preprocessing = pixels },
                Measure = new() { LayerSamples = 1 },
            });
            output.WriteLine(FormattableString.Invariant(
                $"| {name} | {Percent(report.FloatTop1)} | {Percent(report.QuantizedTop1)} | {Points(report)} | {Percent(report.Agreement)} | {report.OutputSqnr:F1} dB |"));
        }
        File.Delete(quantized);
    }

    private static string Percent(double? share) => share is { } value ? FormattableString.Invariant($"{100 * value:F2} %") : "";

    private static string Points(AccuracyJobReport report) =>
        report is { FloatTop1: { } real, QuantizedTop1: { } integer } ? FormattableString.Invariant($"{100 * (integer - real):+0.00;-0.00;0.00}") : "";
}
