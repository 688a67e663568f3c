using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npy;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Running;
using EthosU.Quantize;
using EthosU.Testing;
using EthosU.TfLite;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;
using Tensor = EthosU.Graphs.Tensor;

namespace EthosU.Pipeline.Tests;

/// <summary>ONNX models that people publish, which were refused or converted wrongly.</summary>
public sealed class PublishedOnnxTests : IDisposable
{
    private const int Samples = 12;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>
    /// Quantizers drop what the saturation of a quantized value does anyway; in real numbers it is done all the same. The data use the
    /// range of the model's input, where the rounding of its integers, which real numbers do not have, stays below the limit.
    /// </summary>
    [Theory]
    [InlineData("kws_qdq", -60, 60)]
    [InlineData("kws_qdq", 0, 200)]
    [InlineData("micro_kws_m_qdq", 0, 1)]
    [InlineData("micro_kws_m_qdq", -2, 2)]
    [InlineData("micro_kws_m_qoperator", 0, 1)]
    public void QuantizedModelsSaturate(string name, float low, float high)
    {
        Graph graph = Convert(name, Precision.Float32, low, high, out TensorData[] data);
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        using InferenceSession session = new(SharedData.Require("data", "wild", $"{name}.onnx"), options);
        GraphInterpreter interpreter = new(graph);
        double signal = 0, noise = 0;
        foreach (TensorData sample in data)
        {
            using var results =
                session.Run([NamedOnnxValue
                .CreateFromTensor(session.InputMetadata.Keys.Single(), new DenseTensor<float>(sample.ToFloatArray(), [.. sample.Shape]))]);
            foreach ((float wanted, float got) in results[0].AsEnumerable<float>().Zip(interpreter.Run([sample])[0].ToFloatArray()))
                (signal, noise) = (signal + ((double)wanted * wanted), noise + (((double)wanted - got) * (wanted - got)));
        }
        Assert.True(10 * Math.Log10(signal / noise) > 40, $"{10 * Math.Log10(signal / noise):F1} dB");
    }

    [Theory]
    [InlineData("kws_qdq")]
    [InlineData("micro_kws_m_qdq")]
    [InlineData("micro_kws_m_qoperator")]
    public void NothingIsRescaledTwice(string name) =>
        Assert.DoesNotContain(Convert(name, Precision.Int8, 0, 1, out _).Nodes,
        static node => node.Operator is Dequantize or Binary { Kind: BinaryKind.Maximum or BinaryKind.Minimum });

    [Fact]
    public void StateComesOutAsItGoesIn()
    {
        Graph graph = Convert("dtln_model_2", Precision.Int8, -1, 1, out _);
        Assert.Equal((graph.Inputs[1].Type, graph.Inputs[1].Shape), (graph.Outputs[1].Type, graph.Outputs[1].Shape));
        Assert.Equal(graph.Inputs[1].Quantization, graph.Outputs[1].Quantization);
        CompileReport report =
            CompileJob.Run(new() { ModelPath = folder.File("out.tflite"), OutputPath = folder.File("npu.tflite") }, null,
            TestContext.Current.CancellationToken);
        Assert.NotNull(report);
        TensorData[] inputs =
            [.. graph.Inputs
            .Select(static input => TensorData
            .From<sbyte>(input.Shape, [.. Enumerable.Range(0, (int)input.Shape.ElementCount).Select(static i => (sbyte)(i * 37))]))];
        foreach ((string file, string prefix) in new[] { ("out.tflite", "a"), ("npu.tflite", "b") })
        {
            List<string> arrays = [];
            for (int i = 0; i < inputs.Length; i++)
            {
                arrays.Add(folder.File($"in{i}.npy"));
                NumpyFile.Write(arrays[i], NumpyArray.From<sbyte>(inputs[i].Shape, inputs[i].AsSpan<sbyte>().ToArray()));
            }
            RunJob.Run(new() { ModelPath = folder.File(file), Inputs = [.. arrays], OutputPrefix = folder.File(prefix) }, null,
                TestContext.Current.CancellationToken);
        }
        foreach (int i in new[] { 0, 1 })
            Assert.Equal(File.ReadAllBytes(folder.File($"a_{i}.npy")), File.ReadAllBytes(folder.File($"b_{i}.npy")));
    }

    [Fact]
    public void OperatorSet1Converts()
    {
        Graph graph = Convert("mnist_opset1", Precision.Int8, 0, 1, out _);
        Assert.Contains(graph.Nodes, static node => node.Operator is Conv2D);
    }

    [Fact]
    public void FreeSizesAreFixedByName()
    {
        string model = SharedData.Require("data", "wild", "yunet_s_dynamic.onnx");
        var refused = Assert
            .Throws<UnsupportedModelException>(() => CheckJob.Run(new() { ModelPath = model }, TestContext.Current.CancellationToken));
        Assert.Contains("--dim height=N", refused.Findings[0].Advice, StringComparison.Ordinal);
        var sizes = ImmutableDictionary<string, int>.Empty.Add("height", 160).Add("width", 96);
        ConvertReport report =
            ConvertJob.Run(new() { ModelPath = model, OutputPath = folder.File("out.tflite"), Sizes = sizes, Quantization =
            new() { Precision = Precision.Float32 } }, null, TestContext.Current.CancellationToken);
        Assert.Equal([1, 160, 96, 3], report.Inputs[0].Shape);
        var unknown = Assert
            .Throws<UnsupportedModelException>(
            () => CheckJob.Run(new() { ModelPath = model, Sizes = sizes.Add("depth", 2) }, TestContext.Current.CancellationToken));
        Assert.Contains("'depth'", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlainIntegersAreNoQuantizedValues()
    {
        var e = Assert.Throws<UnsupportedModelException>(
            () => CheckJob.Run(new() { ModelPath = SharedData.Require("data", "wild", "toycar_int8_gemm.onnx") },
                TestContext.Current.CancellationToken));
        Assert.Contains("int8", e.Message, StringComparison.Ordinal);
    }

    private Graph Convert(string name, Precision precision, float low, float high, out TensorData[] data)
    {
        string model = SharedData.Require("data", "wild", $"{name}.onnx"), output = folder.File("out.tflite");
        ConvertOptions options = new() { ModelPath = model, OutputPath = output, Quantization = new() { Precision = precision } };
        ConvertReport report = ConvertJob.Run(options, null, TestContext.Current.CancellationToken);
        Graph graph = TfLiteReader.Read(output);
        Random random = new(7);
        Tensor input = graph.Inputs[0];
        data = [.. Enumerable.Range(0, Samples)
            .Select(_ => TensorData
            .From<float>(input.Shape,
            [.. Enumerable.Range(0, (int)input.Shape.ElementCount).Select(_ => low + ((high - low) * random.NextSingle()))]))];
        Assert.False(report.Refused);
        return graph;
    }
}
