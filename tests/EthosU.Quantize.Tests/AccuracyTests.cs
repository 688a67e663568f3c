using EthosU.Graphs;
using EthosU.Import;
using EthosU.Npy;
using EthosU.Quantize.Accuracy;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Data;
using EthosU.Quantize.Ranges;
using EthosU.Testing;
using Xunit;

namespace EthosU.Quantize.Tests;

/// <summary>What the accuracy report says of layers, and what the fix does about it.</summary>
public sealed class AccuracyTests : IDisposable
{
    private const string Network = "simple_network";
    private const int Good = 40;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SaturationCountsWhatLiesBeyondTheRangeAndNotTheZerosOfARelu()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 8]);
        builder.AddOutput(builder.Add(new Unary(UnaryKind.Relu), "y", Source.None, x));
        Graph graph = builder.Build();
        RangeTable ranges = RangeTable.Of([new("x", new(-4, 4)), new("y", new(0, 1))]);

        LayerComparison layers = new(graph, Quantizer.Quantize(graph, ranges, null, TestContext.Current.CancellationToken).Graph);
        layers.Add([TensorData.From<float>([1, 8], [-3, -2, -1, 0, 0.5f, 1, 1.001f, 3])], TestContext.Current.CancellationToken);

        TensorAccuracy y = Assert.Single(layers.Results());
        Assert.Equal(1.0 / 8, y.Saturated); // 3 alone: 1.001 is within a step of the end
    }

    [Fact]
    public void EqualisedLayersAreComparedInTheirOwnScale()
    {
        var (model, graph) = Zoo.Load("mobilenetv3_cifar");
        RangeTable ranges =
            Calibrator.Collect(Zoo.Reference("mobilenetv3_cifar"), graph, Zoo.Data(model, "calibration.npz"), new() { MaxSamples = 16 },
            null, TestContext.Current.CancellationToken);
        Graph quantized = Quantizer.Quantize(graph, ranges, new() { Equalize = true }, TestContext.Current.CancellationToken).Graph;

        Assert.NotEmpty(ChannelFactors.Find(graph, quantized));
        Assert.Empty(ChannelFactors.Find(graph, Quantizer.Quantize(graph, ranges, null, TestContext.Current.CancellationToken).Graph));
        AccuracyReport report =
            AccuracyMeter.Measure(Zoo.Reference("mobilenetv3_cifar"), graph, quantized, Zoo.Data(model, "test2000.npz"),
            new() { MaxSamples = 4 }, null, TestContext.Current.CancellationToken);
        Assert.All(report.Tensors, tensor => Assert.InRange(tensor.LayerSqnr!.Value, 15, 150));
    }

    [Fact]
    public void APlantedFlawIsFoundAndMended()
    {
        var (model, graph) = Zoo.Load(Network);
        string culprit = graph.Nodes.First(node => node.Operator is Conv2D).Output.Name;
        RangeTable ranges =
            Calibrator.Collect(Zoo.Reference(Network), graph, WithOutlier(model), new() { KeptSamples = Good }, null,
            TestContext.Current.CancellationToken);
        RangeTable flawed = ranges.WithMethod(culprit, RangeMethod.MinMax);
        Graph quantized = Quantizer.Quantize(graph, flawed, null, TestContext.Current.CancellationToken).Graph;

        AccuracyReport before = Measure(model, graph, quantized);
        Assert.Equal(culprit, before.Findings[0].Tensor);
        Assert.Contains("clip its range", before.Findings[0].Advice, StringComparison.Ordinal);
        Assert.Equal(graph.Nodes.First(node => node.Operator is Conv2D).Source, before.Findings[0].Source);

        FixResult result = AccuracyFixer.Fix(graph, flawed, new() { Given = quantized }, null, TestContext.Current.CancellationToken);
        result.Graph.Verify("the fix");
        Assert.StartsWith("quantized anew: range method mse", result.Steps[0].Change, StringComparison.Ordinal);
        Assert.Equal(0, result.Steps[0].Gain, 0.001);
        FixStep mended =
            Assert.Single(result.Steps,
            step => step.Kept && step.Layers.SequenceEqual([culprit]) && step.Change.StartsWith("range method", StringComparison.Ordinal));
        Assert.InRange(mended.Gain, 1, 100);
        Assert.InRange(Measure(model, graph, result.Graph).OutputSqnr, before.OutputSqnr + 1, 150);
    }

    [Fact]
    public void AnOutlierInCalibrationIsMendedByAnotherMethod()
    {
        var (model, graph) = Zoo.Load(Network);
        RangeTable ranges =
            Calibrator.Collect(Zoo.Reference(Network), graph, WithOutlier(model), new() { KeptSamples = Good, Method = RangeMethod.MinMax },
            null, TestContext.Current.CancellationToken);
        Graph quantized = Quantizer.Quantize(graph, ranges, null, TestContext.Current.CancellationToken).Graph;
        AccuracyReport before = Measure(model, graph, quantized);
        Assert.Contains(before.Findings, finding => finding is { RuleId: "accuracy-layer", Severity: FindingSeverity.Warning });

        FixResult result = AccuracyFixer.Fix(graph, ranges, null, null, TestContext.Current.CancellationToken);

        Assert.Contains(result.Steps,
            step => step.Kept && step.Layers.IsEmpty && step.Change.StartsWith("range method", StringComparison.Ordinal) && step.Gain > 3);
        Assert.InRange(Measure(model, graph, result.Graph).OutputSqnr, before.OutputSqnr + 3, 150);
    }

    [Fact]
    public void AModelThatIsBetterThanAllChangesIsKept()
    {
        var (model, graph) = Zoo.Load(Network);
        RangeTable ranges =
            Calibrator.Collect(Zoo.Reference(Network), graph, Zoo.Data(model, "calibration.npz"), new() { MaxSamples = 8, KeptSamples = 8 },
            null, TestContext.Current.CancellationToken);
        Graph given = Quantizer
            .Quantize(graph, ranges, new() { Precision = Precision.Int16x8 }, TestContext.Current.CancellationToken).Graph;

        FixResult result =
            AccuracyFixer.Fix(graph, ranges.WithMethod(RangeMethod.MinMax),
            new() { Given = given, Narrow = [.. graph.Nodes.Select(node => node.Output.Name)] }, null,
            TestContext.Current.CancellationToken);

        Assert.Same(given, result.Graph);
        Assert.DoesNotContain(result.Steps, step => step.Change.StartsWith("16 bits", StringComparison.Ordinal));
        Assert.True(result.Steps[^1] is { Kept: true, Gain: > 0 });
    }

    [Fact]
    public void StrangeLabelsAndStrangeModelsAreReported()
    {
        var (model, graph) = Zoo.Load(Network);
        Graph quantized =
            Quantizer.Quantize(graph, RangeTable.Assume(new(-4, 4)), new() { CorrectBias = false },
            TestContext.Current.CancellationToken).Graph;
        NumpyArray images = NumpyArchive.ReadAll(SharedData.Require("data", "cifar10", "calibration.npz"))["x"];
        string path = folder.File("data.npz");
        NumpyArchive.Write(path,
            [new("x", new(images.Type, [3, 32, 32, 3], images.Bytes[..(3 * 3072)])), new("y", NumpyArray.From<int>([3], [1, 10, -1]))]);
        AccuracyReport report =
            AccuracyMeter.Measure(Zoo.Reference(Network), graph, quantized, SampleSource.Open(path, model.Graph.Inputs), null, null,
            TestContext.Current.CancellationToken);
        Finding labels = Assert.Single(report.Findings, finding => finding.RuleId == "accuracy-labels");
        Assert.StartsWith("2 of 3 labels are not counted: they are no class of the model, such as -1; its classes are 0 to 9.",
            labels.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Findings, finding => finding.RuleId == "accuracy-other-model");

        var (_, other) = Zoo.Load("resnet14_cifar");
        Graph foreign = Quantizer
            .Quantize(other, RangeTable.Assume(new(-4, 4)), new() { CorrectBias = false }, TestContext.Current.CancellationToken).Graph;
        report = AccuracyMeter
            .Measure(Zoo.Reference(Network), graph, Renamed(foreign), SampleSource.Open(path, model.Graph.Inputs), null, null,
            TestContext.Current.CancellationToken);
        Assert.Contains(report.Findings, finding => finding.RuleId == "accuracy-other-model");
    }

    [Theory]
    [InlineData(new float[] { }, double.NaN)]
    [InlineData(new[] { float.NaN, float.PositiveInfinity }, double.NaN)]
    [InlineData(new[] { 1f, float.NaN }, 20)]
    public void ValuesThatAreNoneAreNotCounted(float[] got, double expected)
    {
        ErrorStatistics statistics = new();
        statistics.Add([.. got.Select(_ => 1f)], [.. got.Select(value => value * 1.1f)]);
        Assert.Equal(expected, statistics.Sqnr, 0.01);
        Assert.Equal(got.Count(value => !float.IsFinite(value)), statistics.Undefined);
    }

    private static AccuracyReport Measure(ImportedModel model, Graph graph, Graph quantized) =>
        AccuracyMeter.Measure(Zoo.Reference(Network), graph, quantized, Zoo.Data(model, "test2000.npz"), new() { MaxSamples = 100 }, null,
        TestContext.Current.CancellationToken);

    private static Graph Renamed(Graph graph)
    {
        Dictionary<Tensor, Tensor> renamed = graph.Nodes.SelectMany(node => node.Outputs).Where(tensor => !graph.Outputs.Contains(tensor))
            .ToDictionary(tensor => tensor, tensor => new Tensor($"other {tensor.Name}", tensor.Type, tensor.Shape, tensor.Quantization));
        return graph.With(nodes: [.. graph.Nodes.Select(node => node
            .WithInputs([.. node.Inputs
            .Select(input => input is not null && renamed.TryGetValue(input, out Tensor? other) ? other : input)])
            .WithOutputs([.. node.Outputs.Select(output => renamed.GetValueOrDefault(output, output))]))]);
    }

    /// <summary>Images, and behind them one with a pixel that is far too bright.</summary>
    private SampleSource WithOutlier(ImportedModel model)
    {
        ReadOnlySpan<byte> images = NumpyArchive.ReadAll(SharedData.Require("data", "cifar10", "calibration.npz"))["x"].Bytes.Span;
        var values = new float[(Good + 1) * 3072];
        for (int i = 0; i < values.Length; i++)
            values[i] = images[i] / 255f;
        values.AsSpan((Good * 3072) + 1500, 3).Fill(40);
        string path = folder.File("outlier.npy");
        NumpyFile.Write(path, NumpyArray.From<float>([Good + 1, 32, 32, 3], values));
        return SampleSource.Open(path, model.Graph.Inputs);
    }
}
