using System.Diagnostics;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Calibration;
using Xunit;

namespace EthosU.Quantize.Tests;

public sealed class Scratch
{
    [Fact]
    public void Run()
    {
        string names = Environment.GetEnvironmentVariable("ZOO") ?? string.Join(",", Zoo.Names);
        int count = int.Parse(Environment.GetEnvironmentVariable("N") ?? "100", System.Globalization.CultureInfo.InvariantCulture);
        foreach (string name in names.Split(','))
        {
            Stopwatch watch = Stopwatch.StartNew();
            var (model, graph) = Zoo.Load(name);
            long loaded = watch.ElapsedMilliseconds;
            RangeTable ranges = Calibrator.Collect(Zoo.Path(name), graph, Zoo.Data(model, "calibration.npz"), new() { MaxSamples = 100 });
            long calibrated = watch.ElapsedMilliseconds;
            if (Environment.GetEnvironmentVariable("SHOW") == "float")
                Console.WriteLine(graph);
            GraphInterpreter interpreter = new(graph);
            Sample[] samples = [.. Zoo.Data(model, "test2000.npz").Read().Take(count)];
            float[][] reference = [.. interpreter.RunBatch([.. samples.Select(s => GraphSamples.ToGraph(s, graph))]).Select(r => r[0].ToFloatArray())];
            int floatRight = Enumerable.Range(0, samples.Length).Count(i => Top(reference[i]) == samples[i].Label);
            foreach (string mode in (Environment.GetEnvironmentVariable("MODES") ?? "MinMax").Split(','))
            {
                string[] parts = mode.Split('+');
                QuantizeOptions options = new()
                {
                    CorrectBias = parts.Contains("bias"), Equalize = parts.Contains("eq"), Precision = parts.Contains("16") ? Precision.Int16x8 : Precision.Int8,
                    Int16Layers = [.. graph.Nodes.SelectMany(n => n.Outputs).Select(t => t.Name).Where(t => Environment.GetEnvironmentVariable("INT16") is { } re && System.Text.RegularExpressions.Regex.IsMatch(t, re))],
                    PerChannelLayers = parts.Contains("pc") ? [.. graph.Nodes.Select(n => n.Output.Name)] : [],
                };
                watch.Restart();
                QuantizeResult result = Quantizer.Quantize(graph, ranges.WithMethod(Enum.Parse<RangeMethod>(parts[0])), options);
                long quantized = watch.ElapsedMilliseconds;
                result.Graph.Verify("quantization");
                if (Environment.GetEnvironmentVariable("SHOW") == "int")
                    Console.WriteLine(result.Graph + string.Join("\n", result.Findings));
                float[][] outputs = new float[samples.Length][];
                if (Environment.GetEnvironmentVariable("FAKE") == "1")
                {
                    FakeQuantized fake = new(result.Graph);
                    Parallel.For(0, samples.Length, i => outputs[i] = fake.Run(GraphSamples.ToGraph(samples[i], result.Graph))[result.Graph.Outputs[0].Name]);
                }
                else
                {
                    GraphInterpreter integers = new(result.Graph);
                    var raw = integers.RunBatch([.. samples.Select(s => (IReadOnlyList<TensorData>)[.. GraphSamples.ToGraph(s, graph).Select((v, i) => Conversion.RealValues.Store(result.Graph.Inputs[i], v))])]);
                    outputs = [.. raw.Select(r => Conversion.RealValues.Of(result.Graph.Outputs[0], r[0]))];
                }
                int right = Enumerable.Range(0, samples.Length).Count(i => Top(outputs[i]) == samples[i].Label), agree = Enumerable.Range(0, samples.Length).Count(i => Top(outputs[i]) == Top(reference[i]));
                double signal = reference.SelectMany(r => r).Sum(v => (double)v * v), noise = reference.Zip(outputs).SelectMany(p => p.First.Zip(p.Second)).Sum(p => Math.Pow(p.First - p.Second, 2));
                Console.WriteLine($"{name} {mode}: float {100.0 * floatRight / count:F2} int8 {100.0 * right / count:F2} agree {100.0 * agree / count:F2} sqnr {10 * Math.Log10(signal / noise):F1} dB; load {loaded} calibrate {calibrated - loaded} quantize {quantized} ms, run {watch.ElapsedMilliseconds} ms; nodes {result.Graph.Nodes.Length} ({string.Join(" ", result.Graph.Nodes.GroupBy(n => n.Operator.Name).Select(g => $"{g.Key}:{g.Count()}"))})");
            }
        }
    }

    private static int Top(float[] values) => Array.IndexOf(values, values.Max());
}
