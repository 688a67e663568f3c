using EthosU.Graphs;
using EthosU.Onnx.Tests;
using EthosU.Quantize.Data;
using EthosU.Quantize.Reference;
using EthosU.Quantize.Reference.OnnxRuntime;
using EthosU.Testing;
using Google.Protobuf;
using Xunit;

namespace EthosU.Quantize.Tests.Reference;

/// <summary>What ONNX Runtime gives does not depend on the processor.</summary>
public sealed class OnnxReferenceModelTests
{
    private const int Depth = 64;

    /// <summary>
    /// Without instructions for it, products of uint8 and int8 are summed by pairs in 16 bits: 255 × 127 × 2 does not fit. The sum is exact
    /// all the same.
    /// </summary>
    [Fact]
    public void PairsOfProductsDoNotSaturate()
    {
        using TemporaryFolder folder = new();
        TestModel model = new TestModel(13).Input("x", 1, Depth, 1, 1).Floats("s", [], 1).Bytes("z", 2, [], 0)
            .Bytes("w", 3, [1, Depth, 1, 1], [.. Enumerable.Repeat(127, Depth)]).Floats("ws", [], 1).Bytes("wz", 3, [], 0)
            .Floats("ys", [], 16384).Bytes("yz", 2, [], 0)
            .Node("QuantizeLinear", "x s z", "q").Node("DequantizeLinear", "q s z", "d").Node("DequantizeLinear", "w ws wz", "wd")
            .Node("Conv", "d wd", "c")
            .Node("QuantizeLinear", "c ys yz", "cq").Node("DequantizeLinear", "cq ys yz", "y").Output("y");
        string path = folder.Write("model.onnx", model.Proto.ToByteArray());
        using IReferenceSession source = new OnnxReferenceModel(path).Open(["x"], ["y"]);
        Assert.Empty(source.Findings);
        float[] x = [.. Enumerable.Repeat(255f, Depth)];
        using IReferenceValues values =
            source.Run([new Sample([TensorData.From<float>([1, Depth, 1, 1], x)])], TestContext.Current.CancellationToken);
        Assert.Equal([16384 * MathF.Round(255f * 127 * Depth / 16384)], values.Elements(0, 0).ToArray());
    }

    /// <summary>Vectorized sums of ONNX Runtime start where memory is aligned; the arrays of .NET lie at any multiple of 8 bytes.</summary>
    [Theory]
    [InlineData("ReduceMean")]
    [InlineData("ReduceSum")]
    [InlineData("ReduceL2")]
    [InlineData("GlobalAveragePool")]
    [InlineData("Softmax")]
    public void SumsDoNotDependOnWhereTheSampleLies(string op)
    {
        const int Rows = 7, Places = 48;
        using TemporaryFolder folder = new();
        TestModel model = new TestModel(13).Input("x", 1, Rows, 1, 45).Node(op, "x", "y").Output("y");
        using IReferenceSession source = new OnnxReferenceModel(folder.Write("model.onnx", model.Proto.ToByteArray())).Open(["x"], ["y"]);
        Random random = new(4);
        float[] values = [.. Enumerable.Range(0, Rows * 45).Select(_ => random.NextSingle() - 0.3f)];
        List<object> kept = [];
        float[][] results = [.. Enumerable.Range(0, Places).Select(place =>
        {
            float[] copy = [.. values];
            kept.AddRange([copy, new byte[(8 * place) + 1]]); // the next array lies elsewhere, by any multiple of 8
            using IReferenceValues result =
                source.Run([new Sample([TensorData.From<float>([1, Rows, 1, 45], copy)])], TestContext.Current.CancellationToken);
            return result.Elements(0, 0).ToArray();
        })];
        GC.KeepAlive(kept);
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void AModelThatOnnxRuntimeCannotRunIsSaid()
    {
        using TemporaryFolder folder = new();
        TestModel model = new TestModel(1).Input("x", 1, 4).Weights("w", 4).Node("Div", "x w", "y").Output("y");
        using IReferenceSession source = new OnnxReferenceModel(folder.Write("model.onnx", model.Proto.ToByteArray())).Open(["x"], ["y"]);
        Assert.Equal("onnx-runtime-limit", Assert.Single(source.Findings).RuleId);
        Assert.Empty(source.Values);
    }
}
