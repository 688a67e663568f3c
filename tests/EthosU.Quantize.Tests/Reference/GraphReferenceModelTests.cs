using EthosU.Graphs;
using EthosU.Import;
using EthosU.Quantize.Accuracy;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Data;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Reference;
using Xunit;

namespace EthosU.Quantize.Tests.Reference;

/// <summary>A graph is all that calibration and measurement need of a model.</summary>
public sealed class GraphReferenceModelTests
{
    private static readonly float[] Weights = [1, -2, 3, -4, 0.5f, 0.25f];

    /// <summary>Two inputs and a layer, without a source model: no tensor has an origin.</summary>
    private static Graph Network()
    {
        GraphBuilder builder = new();
        Tensor a = builder.AddInput("a", ElementType.Float32, [1, 3]), b = builder.AddInput("b", ElementType.Float32, [1, 2]);
        Tensor product =
            builder.Add(new FullyConnected(), "product", Source.None, a, builder.AddConstant("w", TensorData.From<float>([2, 3], Weights)),
            null);
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Add), "sum", Source.None, product, b));
        return builder.Build();
    }

    private static Sample[] Samples =>
    [
        new([TensorData.From<float>([1, 3], [1, 2, 3]), TensorData.From<float>([1, 2], [10, -20])]),
        new([TensorData.From<float>([1, 3], [-1, 0, 1]), TensorData.From<float>([1, 2], [0, 5])]),
    ];

    [Fact]
    public void Values_of_a_batch_are_given_by_name()
    {
        using IReferenceSession session =
            new GraphReferenceModel(Network()).Open(["a", "b"], ["sum", "unknown", "b", "w", "product", "sum"]);
        Assert.Equal(["sum", "b", "product"], session.Values);
        using IReferenceValues values = session.Run(Samples, TestContext.Current.CancellationToken);
        Assert.Equal([16, -22.25f], values.Elements(0, 0).ToArray());
        Assert.Equal([2, 9.25f], values.Elements(1, 0).ToArray());
        Assert.Equal([0, 5], values.Elements(1, 1).ToArray());
        Assert.Equal([6, -2.25f], values.Elements(0, 2).ToArray());
        Assert.Equal([1, 2], values.ShapeOf(0, 0));
    }

    [Fact]
    public void Samples_may_hold_the_inputs_in_another_order()
    {
        using IReferenceSession session = new GraphReferenceModel(Network()).Open(["b", "a"], ["sum"]);
        Sample swapped = new([Samples[0].Inputs[1], Samples[0].Inputs[0]]);
        using IReferenceValues values = session.Run([swapped], TestContext.Current.CancellationToken);
        Assert.Equal([16, -22.25f], values.Elements(0, 0).ToArray());
        Assert.Throws<ArgumentException>(() => new GraphReferenceModel(Network()).Open(["a"], ["sum"]));
    }

    [Fact]
    public void A_cancelled_run_ends()
    {
        using IReferenceSession session = new GraphReferenceModel(Network()).Open(["a", "b"], ["sum"]);
        Assert.ThrowsAny<OperationCanceledException>(() => session.Run(Samples, new CancellationToken(true)));
    }

    [Fact]
    public void A_graph_without_a_file_is_calibrated_quantized_and_measured()
    {
        Graph graph = Network();
        GraphReferenceModel reference = new(graph);
        RangeTable ranges =
            Calibrator.Collect(reference, graph, SampleSource.Of(Samples), new() { Method = RangeMethod.MinMax }, null,
            TestContext.Current.CancellationToken);
        Assert.Equal(new ValueRange(-1, 3), ranges.Find(graph.Inputs[0]));
        Assert.Equal(new ValueRange(-20, 10), ranges.Find(graph.Inputs[1]));
        Assert.Equal(new ValueRange(-2.25f, 6), ranges.Find(graph.Nodes[0].Output));
        Assert.Equal(new ValueRange(-22.25f, 16), ranges.Find(graph.Outputs[0]));

        Graph quantized = Quantizer.Quantize(graph, ranges, null, TestContext.Current.CancellationToken).Graph;
        AccuracyReport report =
            AccuracyMeter.Measure(reference, graph, quantized, SampleSource.Of(Samples), null, null, TestContext.Current.CancellationToken);
        Assert.Equal(Samples.Length, report.Samples);
        Assert.InRange(report.OutputSqnr, 30, 150);
    }

    /// <summary>The graph that is calibrated has images with channels last, where the file has them first.</summary>
    [Theory]
    [InlineData("simple_network")]
    [InlineData("rowlstm_cifar")]
    [InlineData("unet_cifar")]
    public void Ranges_are_those_that_the_runtime_finds(string name)
    {
        (ImportedModel model, Graph graph) = Zoo.Load(name);
        RangeTable runtime = Collect(Zoo.Reference(name)), interpreter = Collect(new GraphReferenceModel(graph));
        foreach (Tensor tensor in graph.Tensors.Where(tensor => tensor.Type == ElementType.Float32 && !tensor.IsConstant))
        {
            ValueRange? wanted = runtime.Find(tensor), got = interpreter.Find(tensor);
            Assert.Equal(wanted is null, got is null);
            float slack = 1e-3f * Math.Max(Math.Abs(wanted?.Min ?? 0), Math.Abs(wanted?.Max ?? 0));
            Assert.True(wanted is null || (wanted.Value.Covers(got!.Value, slack) && got.Value.Covers(wanted.Value, slack)),
                $"{tensor.Name}: {wanted} in ONNX Runtime, {got} in the interpreter");
        }

        RangeTable Collect(IReferenceModel reference) => Calibrator.Collect(reference, graph, Zoo.Data(model, "calibration.npz"),
            new() { MaxSamples = 4, Method = RangeMethod.MinMax }, null, TestContext.Current.CancellationToken);
    }
}
