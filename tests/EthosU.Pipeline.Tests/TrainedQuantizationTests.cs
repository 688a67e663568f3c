using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npy;
using EthosU.Onnx.Tests;
using EthosU.Pipeline.Converting;
using EthosU.Quantize;
using EthosU.Testing;
using EthosU.TfLite;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;
using Tensor = EthosU.Graphs.Tensor;

namespace EthosU.Pipeline.Tests;

/// <summary>
/// Models trained quantization-aware, as QuantizeLinear and DequantizeLinear around each layer: their scales and integers are kept.
/// </summary>
public sealed class TrainedQuantizationTests : IDisposable
{
    private const int Samples = 20, Int8 = 3, UInt8 = 2, Channels = 8;

    private readonly TemporaryFolder folder = new();
    private readonly Random random = new(11);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Int8, true)]
    [InlineData(Int8, false)]
    [InlineData(UInt8, true)]
    public void ResultsAreThoseOfTheTrainedModel(int type, bool perChannel)
    {
        TestModel model = Network(type, perChannel);
        Graph graph = Convert(model, Precision.Int8, out TensorData[] data);

        Node[] convolutions = [.. graph.Nodes.Where(static node => node.Operator is Conv2D)];
        Assert.Equal(2, convolutions.Length);
        Assert.DoesNotContain(graph.Nodes, static node => node.Operator is Transpose or Graphs.Quantize or Dequantize);
        int zero = type == UInt8 ? -128 : 0; // in int8 terms
        Assert.Equal(Quantization.PerTensor(Scale("x"), zero + Zero(type)), graph.Inputs[0].Quantization);
        Assert.Equal(Quantization.PerTensor(Scale("c2"), zero + Zero(type)), convolutions[1].Output.Quantization);
        Assert.Equal(Scales(perChannel), convolutions[0].Input(1).Quantization!.Scales.Distinct());
        AssertStoredIntegers(model, "w1_q", convolutions[0].Input(1));
        AssertStoredIntegers(model, "w2_q", convolutions[1].Input(1));

        GraphInterpreter interpreter = new(graph);
        using InferenceSession session = new(model.Proto.ToByteArray());
        Quantization output = graph.Outputs[0].Quantization!;
        int compared = 0, close = 0;
        HashSet<long> values = [];
        foreach (TensorData sample in data)
        {
            float[] want = Run(session, sample);
            long[] got = interpreter.Run([Quantized(ZooModel.ToNhwc(sample), graph.Inputs[0].Quantization!)])[0].ToInt64Array();
            for (int i = 0; i < want.Length; i++)
            {
                long expected = (long)MathF.Round(want[i] / output.Scale) + output.ZeroPoint;
                values.Add(expected);
                compared++;
                close += Math.Abs(expected - got[i]) <= 1 ? 1 : 0;
                Assert.InRange(got[i], expected - 3, expected + 3);
            }
        }
        Assert.True(values.Count > 30, $"only {values.Count} different results");
        Assert.True(close >= 0.97 * compared, $"only {close} of {compared} results are within one step");
    }

    [Fact]
    public void RealNumbersStayReal()
    {
        TestModel model = Network(Int8, true);
        Graph graph = Convert(model, Precision.Float32, out TensorData[] data);
        Assert.All(graph.Tensors, static tensor => Assert.Null(tensor.Quantization));
        string path = folder.Write("float.tflite", TfLiteWriter.Write(graph));
        foreach (string name in new[] { TfLiteRuntimes.Native, TfLiteRuntimes.LiteRt })
        {
            float[] got = Assert.Single(TfLiteRuntimes.Require(name).Run(path, ZooModel.ToNhwc(data[0]))).ToFloatArray();
            float[] ours = new GraphInterpreter(graph).Run([ZooModel.ToNhwc(data[0])])[0].ToFloatArray();
            Assert.All(got.Zip(ours), static pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
        }
    }

    /// <summary>No data are needed where the model brings all its scales along; where it does not, the warning stays.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RandomDataAreNoMatterIfNoScaleDependsOnThem(bool all)
    {
        TestModel model = Network(Int8, true);
        if (!all) // a last layer in real numbers
            model.Node("Sigmoid", "y_dq", "z").Node("Mul", "z y_dq", "last").Graph.Output[0].Name = "last";
        ConvertReport report =
            ConvertJob.Run(new() { ModelPath = folder.Write("model.onnx", model.Proto.ToByteArray()), OutputPath =
            folder.File("out.tflite") }, null, TestContext.Current.CancellationToken);
        Assert.Equal(all ? 0 : 1, report.Findings.Count(static finding => finding.RuleId == "calibration-random-data"));
    }

    private static int Zero(int type) => type == UInt8 ? 120 : -5;

    private static float Scale(string value) =>
        value switch { "x" => 0.02f, "c2" => 0.03f, "sum" => 0.035f, "mean" => 0.012f, "y" => 0.02f, _ => 0.025f };

    private static float[] Scales(bool perChannel) =>
        perChannel ? [.. Enumerable.Range(0, Channels).Select(static i => 0.002f + (i * 0.0003f))] : [0.003f];

    private TestModel Network(int type, bool perChannel)
    {
        TestModel model = new(13);
        model.Input("x", 1, 3, 8, 8);
        void Store(string from, string name)
        {
            model.Floats($"{name}_s", [], Scale(name)).Bytes($"{name}_z", type, [], Zero(type));
            model.Node("QuantizeLinear", $"{from} {name}_s {name}_z", $"{name}_q")
                .Node("DequantizeLinear", $"{name}_q {name}_s {name}_z", $"{name}_dq");
        }
        void Weights(string name, bool sliced, params long[] sizes)
        {
            int count = (int)sizes.Aggregate(1L, static (a, b) => a * b);
            float[] scales = sliced ? Scales(true) : [0.003f];
            model.Bytes($"{name}_q", Int8, sizes, [.. Enumerable.Range(0, count).Select(_ => random.Next(-127, 128))]);
            long[] shape = sliced ? [Channels] : [];
            model.Floats($"{name}_s", shape, scales).Bytes($"{name}_z", Int8, shape, new int[scales.Length]);
            model.Node("DequantizeLinear", $"{name}_q {name}_s {name}_z", name, ("axis", 0));
        }
        Store("x", "x");
        Weights("w1", perChannel, Channels, 3, 3, 3);
        model.Weights("b1", Channels).Node("Conv", "x_dq w1 b1", "c1", ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", "c1", "r1");
        Store("r1", "r1");
        Weights("w2", perChannel, Channels, Channels, 3, 3);
        model.Weights("b2", Channels).Node("Conv", "r1_dq w2 b2", "c2", ("pads", new long[] { 1, 1, 1, 1 }));
        Store("c2", "c2");
        model.Node("Add", "r1_dq c2_dq", "sum").Node("Relu", "sum", "r2");
        Store("r2", "sum");
        model.Node("GlobalAveragePool", "sum_dq", "mean");
        Store("mean", "mean");
        model.Node("Flatten", "mean_dq", "flat");
        Weights("w3", false, 10, Channels);
        model.Weights("b3", 10).Node("Gemm", "flat w3 b3", "fc", ("transB", 1));
        Store("fc", "y");
        return model.Output("y_dq");
    }

    private Graph Convert(TestModel model, Precision precision, out TensorData[] data)
    {
        float[] values = [.. Enumerable.Range(0, Samples * 3 * 8 * 8).Select(_ => (random.NextSingle() * 4) - 2)];
        NumpyFile.Write(folder.File("x.npy"), NumpyArray.From<float>([Samples, 3, 8, 8], values));
        data = [.. values.Chunk(3 * 8 * 8).Select(static chunk => TensorData.From<float>([1, 3, 8, 8], chunk))];
        string output = folder.File($"{precision}.tflite");
        ConvertJob.Run(new()
        {
            ModelPath = folder.Write("model.onnx", model.Proto.ToByteArray()),
            OutputPath = output,
            Calibration = new() { Path = folder.File("x.npy") },
            Quantization = new() { Precision = precision },
        }, null, TestContext.Current.CancellationToken);
        return TfLiteReader.Read(output);
    }

    private static void AssertStoredIntegers(TestModel model, string name, Tensor weights)
    {
        var stored = model.Graph.Initializer.Single(tensor => tensor.Name == name);
        TensorData trained =
            TensorData.From<float>([.. stored.Dims.Select(static size => (int)size)], [.. stored.Int32Data.Select(static v => (float)v)]);
        Assert.Equal(ZooModel.ToNhwc(trained).ToFloatArray(), weights.Data!.ToFloatArray());
    }

    private static float[] Run(InferenceSession session, TensorData sample)
    {
        using var results =
            session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(sample.ToFloatArray(), [.. sample.Shape]))]);
        return [.. results[0].AsEnumerable<float>()];
    }

    private static TensorData Quantized(TensorData data, Quantization quantization) => TensorData.From<sbyte>(data.Shape,
        Array.ConvertAll(data.ToFloatArray(),
            value => (sbyte)Math
                .Clamp(MathF.Round(value / quantization.Scale, MidpointRounding.ToEven) + quantization.ZeroPoint, sbyte.MinValue,
                sbyte.MaxValue)));
}
