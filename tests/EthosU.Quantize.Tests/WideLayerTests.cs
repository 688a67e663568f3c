using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;
using Xunit;
using static EthosU.Quantize.Tests.GivenRanges;

namespace EthosU.Quantize.Tests;

/// <summary>Layers and models of 16-bit activations.</summary>
public sealed class WideLayerTests
{
    [Fact]
    public void NamedLayersHave16Bits()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor a = builder.Add(new Binary(BinaryKind.Mul), "a", Source.None, x, x);
        Tensor b = builder.Add(new Binary(BinaryKind.Add), "b", Source.None, a, x);
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Mul), "y", Source.None, b, b));

        Graph graph = Quantizer.Quantize(builder.Build(), Table(("x", -1, 1), ("a", 0, 1), ("b", -1, 2), ("y", 0, 4)),
            new() { Int16Layers = ["a", "b"] }, TestContext.Current.CancellationToken).Graph;

        graph.Verify("quantization");
        Assert.Equal(ElementType.Int16, graph.Tensors.Single(tensor => tensor.Name == "a").Type);
        Assert.Equal(ElementType.Int16, graph.Tensors.Single(tensor => tensor.Name == "b").Type);
        Assert.Equal(ElementType.Int8, graph.Outputs[0].Type);
        Assert.Equal(2, graph.Nodes.Count(node => node.Operator is Graphs.Quantize)); // x once, b once
    }

    /// <summary>Old runtimes convert no int8 to int16 themselves; on the way over real numbers nothing is rounded.</summary>
    [Fact]
    public void From8To16BitsNothingIsLost()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 256]);
        builder.AddOutput(builder.Add(new Unary(UnaryKind.Relu), "y", Source.None, x));

        Graph graph = Quantizer
            .Quantize(builder.Build(), Table(("x", -1, 2), ("y", 0, 2)), new() { Int16Layers = ["y"] },
            TestContext.Current.CancellationToken).Graph;

        Assert.Equal([BuiltinCode.Dequantize, BuiltinCode.Quantize, BuiltinCode.Relu], graph.Nodes.Select(node => node.Operator.Code));
        TensorData all = TensorData.From<sbyte>([1, 256], [.. Enumerable.Range(-128, 256).Select(i => (sbyte)i)]);
        short[] wide = [];
        new GraphInterpreter(graph)
            .Run([all], (tensor, value) => wide = tensor == graph.Nodes[1].Output ? value.AsSpan<short>().ToArray() : wide,
            TestContext.Current.CancellationToken);
        int zero = graph.Inputs[0].Quantization!.ZeroPoint;
        Assert.Equal(all.AsSpan<sbyte>().ToArray().Select(v => (short)((v - zero) * 128)), wide);
    }

    [Theory]
    [InlineData(0.25f, 3)] // DEQUANTIZE and QUANTIZE aside: MUL, MAXIMUM
    [InlineData(-3f, 5)]
    public void ParametricReluIn16BitsIsWrittenInOperatorsThatAllRuntimesHave(float slope, int most)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        builder.AddOutput(builder
            .Add(new PRelu(), "y", Source.None, x, builder.AddConstant("slopes", TensorData.From<float>([4], [slope, 0.5f, 0, -0.5f]))));
        Graph real = builder.Build();

        Graph graph = Quantizer
            .Quantize(real, Table(("x", -2, 2), ("y", Math.Min(-2 * slope, -1), Math.Max(6, 2))), new() { Precision = Precision.Int16x8 },
            TestContext.Current.CancellationToken).Graph;

        graph.Verify("quantization");
        Assert.DoesNotContain(graph.Nodes, node => node.Operator is PRelu);
        Assert.InRange(graph.Nodes.Length, 2, most);
        TensorData values = TensorData.From<float>([1, 4], [-1.5f, -1, -0.5f, 2]);
        float[] got = RealValues
            .Of(graph.Outputs[0],
            new GraphInterpreter(graph).Run([Affine.QuantizeConstant(values, ElementType.Int16, graph.Inputs[0].Quantization!)])[0]);
        Assert.All(new GraphInterpreter(real).Run([values])[0].ToFloatArray().Zip(got),
            static pair => Assert.Equal(pair.First, pair.Second, 2e-3f));
    }

    [Fact]
    public void MovedWideValuesKeepTheirRangeIn8Bits()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor a = builder.Add(new Binary(BinaryKind.Mul), "a", Source.None, x, x);
        Tensor moved = builder.Add(new Reshape(), "moved", Source.None, a, builder.AddIntegers("shape", 2, 2)); // nothing is measured of it
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Mul), "y", Source.None, moved, moved));

        Graph graph = Quantizer.Quantize(builder.Build(), Table(("x", -10, 10), ("a", 0, 100), ("y", 0, 10000)),
            new() { Int16Layers = ["a"] }, TestContext.Current.CancellationToken).Graph;

        Node narrowed = graph.Nodes.Last(node => node.Operator is Graphs.Quantize);
        Assert.Equal(ElementType.Int8, narrowed.Output.Type);
        Assert.Equal(100f / 255, narrowed.Output.Quantization!.Scale, 1e-4f);
    }

    /// <summary>With 16-bit activations an operator that has 8-bit kernels only still gives what is asked for.</summary>
    [Fact]
    public void OutputsOfAModelOf16BitsHave16Bits()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 2, 2, 1]);
        builder.AddOutput(builder
            .Add(new Resize(ResizeKind.Bilinear, false, true), "y", Source.None, x, builder.AddIntegers("size", 4, 4)));
        Graph graph = Quantizer
            .Quantize(builder.Build(), Table([("x", -1, 1), ("y", -1, 1)]), new() { Precision = Precision.Int16x8 },
            TestContext.Current.CancellationToken).Graph;
        graph.Verify("quantization");
        Assert.Equal((ElementType.Int16, "y"), (graph.Outputs[0].Type, graph.Outputs[0].Name));
    }
}
