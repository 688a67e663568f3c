using System.Diagnostics;
using System.Globalization;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using EthosU.Onnx;
using EthosU.Optimize;
using EthosU.Quantize;
using EthosU.Quantize.Accuracy;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Data;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Reference.OnnxRuntime;
using EthosU.Testing;

namespace EthosU.Benchmarks;

/// <summary>Accuracy of networks that people trained for work, by what their outputs mean: lines read, classes, masks.</summary>
public static class TrainedAccuracy
{
    private const string Colour = "0.485,0.456,0.406", Deviation = "0.229,0.224,0.225";

    private static readonly (string Name, string? Scale, string Mean, string Std)[] Networks =
    [
        ("pnet", null, "127.5", "128"), ("rnet", null, "127.5", "128"), ("ppocr_cls", "1/255", "0.5", "0.5"),
        ("ppocr_det", "1/255", Colour, Deviation), ("ppocr_rec", "1/255", "0.5", "0.5"),
    ];

    private static readonly (Precision, Effort)[] Variants =
    [
        (Precision.Int8, Effort.Normal), (Precision.Int8, Effort.Best),
        (Precision.Int16x8, Effort.Fast), (Precision.Int16x8, Effort.Normal),
    ];

    /// <summary>Measures and prints.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="words">
    /// Names of networks, all if there is none; "held" to measure on a third of the calibration data that is kept from the calibration
    /// instead of on the test data: for whoever changes the method.
    /// </param>
    public static void Run(TextWriter output, params string[] words)
    {
        string folder = Path.Combine(SharedData.Root, "data", "trained");
        if (!Directory.Exists(folder))
        {
            output.WriteLine("The trained networks are not present beside the repository.");
            return;
        }
        output.WriteLine(
            "| network | variant | samples | output SQNR | what the outputs mean | calibration, processor time | quantization |");
        output.WriteLine("| --- | --- | --: | --: | --- | --: | --: |");
        foreach ((string name, string? scale, string mean, string std) in Networks)
            if (!Networks.Any(network => words.Contains(network.Name)) || words.Contains(name))
                Measure(output, Path.Combine(folder, name), Preprocessing.Parse(scale, mean, std), words);
    }

    private static void Measure(TextWriter output, string stem, Preprocessing factors, string[] words)
    {
        bool held = words.Contains("held");
        ImportedModel model = OnnxReader.Read($"{stem}.onnx");
        OnnxReferenceModel reference = new($"{stem}.onnx");
        Graph graph = GraphOptimizer.Optimize(model.Graph, new()).Graph;
        SampleSource given = Data($"{stem}.calib.npz", model, factors);
        int calibrating = held ? given.Count * 2 / 3 : given.Count;
        TimeSpan start = Process.GetCurrentProcess().TotalProcessorTime;
        RangeTable ranges = Calibrator.Collect(reference, graph, given, new() { MaxSamples = calibrating });
        double calibration = (Process.GetCurrentProcess().TotalProcessorTime - start).TotalSeconds;
        IEnumerable<Sample> test = held ? given.Read().Skip(calibrating) : Data($"{stem}.test.npz", model, factors).Read();
        Sample[] samples = [.. test];
        foreach ((Precision precision, Effort effort) in Variants)
        {
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            Graph quantized = Quantizer.Quantize(graph, ranges, new() { Precision = precision, Effort = effort }).Graph;
            double quantization = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
            (double sqnr, string meaning) = Compare(graph, quantized, samples, Path.GetFileName(stem));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Path.GetFileName(stem)} | {precision}, {effort} | {calibrating} | {sqnr:F1} dB | {meaning} | {calibration:F1} s "
                    + $"| {quantization:F1} s |"));
            output.Flush();
        }
    }

    private static (double Sqnr, string Meaning) Compare(Graph graph, Graph quantized, IEnumerable<Sample> samples, string name)
    {
        (GraphInterpreter floats, GraphInterpreter integers) = (new(graph), new(quantized));
        OutputMeaning meaning = new(name);
        ErrorStatistics errors = new();
        foreach (TensorData[][] inputs in samples.Select(sample => GraphSamples.ToGraph(sample, graph)).Chunk(integers.RunsAtOnce))
        {
            TensorData[][] wanted = floats.RunBatch(inputs),
                got = integers.RunBatch([.. inputs.Select(sample => RealValues.StoreInputs(quantized, sample))]);
            for (int i = 0; i < inputs.Length; i++)
            {
                for (int j = 0; j < quantized.Outputs.Length; j++)
                {
                    float[] real = wanted[i][j].ToFloatArray(), stored = RealValues.Of(quantized.Outputs[j], got[i][j]);
                    errors.Add(real, stored);
                    meaning.Add(quantized.Outputs[j].Shape, real, stored);
                }
            }
        }
        return (errors.Sqnr, meaning.ToString());
    }

    private static SampleSource Data(string path, ImportedModel model, Preprocessing factors) =>
        SampleSource.Open(path, model.Graph.Inputs, factors, new() { Layout = SampleLayout.ChannelsLast });
}
