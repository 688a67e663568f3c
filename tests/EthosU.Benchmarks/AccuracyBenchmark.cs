using System.Diagnostics;
using System.Globalization;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx;
using EthosU.Optimize;
using EthosU.Quantize;
using EthosU.Quantize.Accuracy;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Data;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Reference.OnnxRuntime;
using EthosU.Testing;

namespace EthosU.Benchmarks;

/// <summary>Accuracy of the trained networks in integers, for each range method and option: the tables of docs/accuracy.md.</summary>
public static class AccuracyBenchmark
{
    private static readonly (string Name, RangeMethod Method, bool Bias, bool Equalize)[] Variants =
    [
        ("minmax", RangeMethod.MinMax, false, false), ("percentile", RangeMethod.Percentile, false, false),
        ("entropy", RangeMethod.Entropy, false, false),
        ("mse", RangeMethod.Mse, false, false), ("minmax, bias", RangeMethod.MinMax, true, false),
        ("percentile, bias", RangeMethod.Percentile, true, false),
        ("mse, bias", RangeMethod.Mse, true, false), ("mse, bias, equalise", RangeMethod.Mse, true, true),
    ];

    private static (string Name, RangeMethod Method, bool Bias, bool Equalize) Default
    {
        get
        {
            QuantizeOptions options = new();
            return ("default", new CalibrationOptions().Method, options.CorrectBias, options.Equalize);
        }
    }

    /// <summary>Measures and prints.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="models">
    /// Names of networks, all if empty; the word "variants" for all range methods and options instead of the default ones; "fast" or
    /// "best" for another effort; numbers of calibration samples, 100 and all of them if there is none.
    /// </param>
    public static void Run(TextWriter output, params string[] models)
    {
        bool variants = models.Contains("variants");
        int[] counts = [.. models.Select(word => int.TryParse(word, CultureInfo.InvariantCulture, out int count) ? count : 0)
            .Where(count => count > 0)];
        counts = counts.Length > 0 ? counts : variants ? [100] : [100, 200];
        Effort effort = models.Contains("fast") ? Effort.Fast : models.Contains("best") ? Effort.Best : new QuantizeOptions().Effort;
        models = [.. models.Where(name => name is not ("variants" or "fast" or "best")
            && !int.TryParse(name, CultureInfo.InvariantCulture, out _))];
        string folder = Path.Combine(SharedData.Root, "data", "models", "pytorch");
        if (!Directory.Exists(folder))
        {
            output.WriteLine("The trained networks are not present beside the repository.");
            return;
        }
        output.WriteLine(
            "| network | variant | samples | float top-1 | int8 top-1 | difference | agreement | output SQNR | calibration | quantization |");
        output.WriteLine("| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |");
        foreach (string path in Directory.EnumerateFiles(folder, "*.onnx").Order(StringComparer.Ordinal))
            if (models.Length == 0 || models.Contains(Path.GetFileNameWithoutExtension(path)))
                foreach (int count in counts)
                    Measure(output, path, count, effort, variants ? Variants : [Default]);
    }

    private static void Measure(TextWriter output, string path, int samples, Effort effort,
        IEnumerable<(string Name, RangeMethod Method, bool Bias, bool Equalize)> variants)
    {
        ImportedModel model = OnnxReader.Read(path);
        Graph graph = GraphOptimizer.Optimize(model.Graph, new()).Graph;
        Stopwatch watch = Stopwatch.StartNew();
        RangeTable ranges =
            Calibrator.Collect(new OnnxReferenceModel(path), graph, Data(model, "calibration.npz"), new() { MaxSamples = samples })
            .WithTrained(model.Quantizations);
        double calibration = watch.Elapsed.TotalSeconds;
        foreach ((string name, RangeMethod method, bool bias, bool equalize) in variants)
        {
            watch.Restart();
            QuantizeOptions options = new() { Effort = effort, CorrectBias = bias, Equalize = equalize };
            Graph quantized = Quantizer.Quantize(graph, ranges.WithMethod(method), options).Graph;
            double quantization = watch.Elapsed.TotalSeconds;
            AccuracyReport report =
                AccuracyMeter.Measure(new OnnxReferenceModel(path), graph, quantized, Data(model, "test2000.npz"),
                new() { LayerSamples = 0 });
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Path.GetFileNameWithoutExtension(path)} | {name} | {ranges.SampleCount} | {Percent(report.FloatTop1)} | "
                    + $"{Percent(report.QuantizedTop1)} | {Percent(report.QuantizedTop1 - report.FloatTop1)} | "
                    + $"{Percent(report.Agreement)} | {report.OutputSqnr:F1} dB | {calibration:F1} s | {quantization:F1} s |"));
        }
    }

    private static string Percent(double? share) => share is { } value ? (100 * value).ToString("F2", CultureInfo.InvariantCulture) : "–";

    private static SampleSource Data(ImportedModel model, string file) =>
        SampleSource.Open(Path.Combine(SharedData.Root, "data", "cifar10", file), model.Graph.Inputs,
        Preprocessing.Parse("1/255", null, null));
}
