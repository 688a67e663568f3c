using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx;
using EthosU.Onnx.Tests;
using EthosU.Optimize;
using EthosU.Quantize;
using EthosU.Quantize.Accuracy;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Data;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Reference.OnnxRuntime;
using EthosU.Testing;
using Google.Protobuf;
using Xunit;

namespace EthosU.Pipeline.Tests;

/// <summary>Where channels, height and width are equal, no shape tells their order; the graph itself does.</summary>
public sealed class OrderOfAxesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(DataLayout.Nhwc)]
    [InlineData(DataLayout.Nchw)]
    public void CubesAreFedAndReadInTheRightOrder(DataLayout layout)
    {
        TestModel model = new TestModel().Input("x", 1, 4, 4, 4).Weights("w", 4, 4, 3, 1).Weights("b", 4)
            .Node("Conv", "x w b", "y", ("pads", new long[] { 1, 0, 1, 0 })).Output("y");
        string path = folder.Write("cube.onnx", model.Proto.ToByteArray());
        ImportedModel imported = OnnxReader.Read(path, null, TestContext.Current.CancellationToken);
        Graph graph = GraphOptimizer
            .Optimize(imported.Graph, new() { InputLayout = layout, OutputLayout = layout }, null,
            TestContext.Current.CancellationToken).Graph;
        Random random = new(5);
        SampleSource samples = SampleSource.Of([.. Enumerable.Range(0, 8).Select(_ =>
            new Sample([TensorData.From<float>([1, 4, 4, 4], [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle())])]))]);

        RangeTable ranges =
            Calibrator.Collect(new OnnxReferenceModel(path), graph, samples, null, null, TestContext.Current.CancellationToken);
        Graph quantized = Quantizer.Quantize(graph, ranges, null, TestContext.Current.CancellationToken).Graph;
        AccuracyReport report =
            AccuracyMeter.Measure(new OnnxReferenceModel(path), graph, quantized, samples, null, null,
            TestContext.Current.CancellationToken);

        Assert.InRange(report.OutputSqnr, 30, 100);
    }
}
