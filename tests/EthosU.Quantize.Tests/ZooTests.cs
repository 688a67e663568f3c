using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using EthosU.Quantize.Accuracy;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Ranges;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Quantize.Tests;

/// <summary>The trained networks in integers: they run, say what the float networks say, and the report sees the same.</summary>
public sealed class ZooTests
{
    public static TheoryData<string> Models => [.. Zoo.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void Int8SaysWhatTheFloatNetworkSays(string name)
    {
        AccuracyReport report = Measure(name, new(), 200);

        if (name == "unet_cifar")
        {
            Assert.Null(report.Agreement);
            Assert.InRange(report.OutputSqnr, 38, 150);
            return;
        }
        Assert.InRange(report.Agreement!.Value, 0.95, 1);
        Assert.InRange(report.OutputSqnr, 20, 150);
        // Of 200 samples; the full measurement is a benchmark.
        Assert.InRange(report.QuantizedTop1!.Value, report.FloatTop1!.Value - 0.025, 1);
    }

    [Theory]
    [InlineData("mobilenetv3_cifar")]
    [InlineData("tinyvit_cifar")]
    public void Int16x8IsNearer(string name)
    {
        AccuracyReport narrow = Measure(name, new(), 20), wide = Measure(name, new() { Precision = Precision.Int16x8 }, 20);

        Assert.True(wide.OutputSqnr > narrow.OutputSqnr + 2, $"int8 {narrow.OutputSqnr:F1} dB, 16x8 {wide.OutputSqnr:F1} dB");
    }

    [Fact]
    public void FloatEdgesKeepTheUsersNamesAndTypes()
    {
        var (model, graph) = Zoo.Load("mobilenetv2_cifar");
        Graph quantized =
            Quantizer.Quantize(graph, Calibrate("mobilenetv2_cifar", model, graph), new() { Io = EdgeType.Float32 },
            TestContext.Current.CancellationToken).Graph;

        quantized.Verify("quantization");
        Assert.Equal("input", quantized.Inputs[0].Name);
        Assert.Equal("output", quantized.Outputs[0].Name);
        Assert.Equal(ElementType.Float32, quantized.Inputs[0].Type);
        Assert.Equal(ElementType.Float32, quantized.Outputs[0].Type);
        Assert.IsType<Graphs.Quantize>(quantized.Nodes[0].Operator);
        Assert.IsType<Dequantize>(quantized.Nodes[^1].Operator);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void SurvivesTheFile(string name)
    {
        var (model, graph) = Zoo.Load(name);
        Graph quantized = Quantizer.Quantize(graph, Calibrate(name, model, graph), null, TestContext.Current.CancellationToken).Graph;
        Graph read = TfLiteReader.Read(TfLiteWriter.Write(quantized), name);
        TensorData input = new(ElementType.Int8, quantized.Inputs[0].Shape, new byte[quantized.Inputs[0].Shape.ElementCount]);

        TensorData[] before = new GraphInterpreter(quantized).Run([input], null, TestContext.Current.CancellationToken);
        TensorData[] after = new GraphInterpreter(read).Run([input], null, TestContext.Current.CancellationToken);

        Assert.Equal(before[0].Bytes.ToArray(), after[0].Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void RunsAllocateTheOutputsAlone(string name)
    {
        Graph graph = Zoo.Load(name).Graph;
        RangeTable ranges = RangeTable.Assume(new(-4, 4));
        foreach (Graph network in new[] { graph, Quantize(new()), Quantize(new() { Precision = Precision.Int16x8 }) })
        {
            InterpreterSession session = new GraphInterpreter(network).CreateSession();
            TensorData[] inputs =
                [.. network.Inputs
                .Select(input => new TensorData(input.Type, input.Shape, new byte[input.Type.ByteCount(input.Shape.ElementCount)]))];
            const int Runs = 8, PerOutput = 400; // bytes of the objects that hold an output
            session.Run(inputs, null, TestContext.Current.CancellationToken);
            // The least of several runs: the runtime itself may allocate in any of them.
            long each = Enumerable.Range(0, Runs).Min(_ =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                session.Run(inputs, null, TestContext.Current.CancellationToken);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            });
            Assert.InRange(each, 0, network.Outputs.Sum(output => output.Type.ByteCount(output.Shape.ElementCount) + PerOutput));
        }

        Graph Quantize(QuantizeOptions options) =>
            Quantizer.Quantize(graph, ranges, options with { CorrectBias = false }, TestContext.Current.CancellationToken).Graph;
    }

    [Fact]
    public void TheFixHelpsAndNeverHarms()
    {
        var (model, graph) = Zoo.Load("mobilenetv3_cifar");
        RangeTable ranges =
            Calibrator.Collect(Zoo.Reference("mobilenetv3_cifar"), graph, Zoo.Data(model, "calibration.npz"),
            new() { MaxSamples = 24, KeptSamples = 12 }, null, TestContext.Current.CancellationToken);

        FixResult result =
            AccuracyFixer.Fix(graph, ranges.WithMethod(RangeMethod.MinMax), new() { Start = new() { CorrectBias = false } }, null,
            TestContext.Current.CancellationToken);

        result.Graph.Verify("the fix");
        Assert.NotEmpty(result.Steps);
        Assert.All(result.Steps.Where(step => step.Kept), step => Assert.True(step.Gain > 0));
        Assert.Contains(result.Steps, step => step.Kept);
    }

    private static RangeTable Calibrate(string name, ImportedModel model, Graph graph) =>
        Calibrator.Collect(Zoo.Reference(name), graph, Zoo.Data(model, "calibration.npz"), new() { MaxSamples = 32 }, null,
        TestContext.Current.CancellationToken);

    private static AccuracyReport Measure(string name, QuantizeOptions options, int samples)
    {
        var (model, graph) = Zoo.Load(name);
        QuantizeResult result = Quantizer.Quantize(graph, Calibrate(name, model, graph), options, TestContext.Current.CancellationToken);
        result.Graph.Verify("quantization");
        return AccuracyMeter
            .Measure(Zoo.Reference(name), graph, result.Graph, Zoo.Data(model, "test2000.npz"),
            new() { MaxSamples = samples, LayerSamples = 2 }, null, TestContext.Current.CancellationToken);
    }
}
