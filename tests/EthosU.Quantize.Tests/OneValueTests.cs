using EthosU.Graphs;
using Xunit;
using static EthosU.Quantize.Tests.GivenRanges;

namespace EthosU.Quantize.Tests;

/// <summary>Functions of one value stay in real numbers from one integer to the next, and what is around them does not.</summary>
public sealed class OneValueTests
{
    [Fact]
    public void AChainIsRoundedOnceAndWarnsNobody()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor root = Add(builder, new Unary(UnaryKind.Sqrt), "root", x);
        Tensor sum = Add(builder, new Binary(BinaryKind.Add), "sum", root, builder.AddConstant("one", TensorData.Scalar(1f)));
        Tensor product = Add(builder, new Binary(BinaryKind.Mul), "product", x, sum); // of the same value
        builder.AddOutput(Add(builder, new Reduce(ReduceKind.Mean, true), "y", product,
            builder.AddConstant("axes", TensorData.Vector<int>([1]))));

        QuantizeResult result = Quantizer.Quantize(builder.Build(), Table(("x", 0, 3), ("product", 0, 9), ("y", 0, 9)), null,
            TestContext.Current.CancellationToken);

        Assert.Equal([BuiltinCode.Dequantize, BuiltinCode.Sqrt, BuiltinCode.Add, BuiltinCode.Mul, BuiltinCode.Quantize, BuiltinCode.Mean],
            result.Graph.Nodes.Select(static node => node.Operator.Code));
        Assert.Empty(result.Findings);
    }

    [Fact]
    public void MovementsBehindRealsAreOfIntegers()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor root = Add(builder, new Unary(UnaryKind.Log), "log", x);
        builder.AddOutput(Add(builder, new Transpose(), "y", root, builder.AddConstant("axes", TensorData.Vector<int>([1, 0]))));

        Graph graph = Quantized(builder.Build(), ("x", 0, 3), ("log", -2, 1), ("y", -2, 1));

        Assert.Equal(ElementType.Int8, Assert.Single(graph.Nodes, static node => node.Operator is Transpose).Input(0).Type);
    }

    [Fact]
    public void RealsThatTheUserAskedForAreMovedAsTheyAre()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor root = Add(builder, new Unary(UnaryKind.Log), "log", x);
        builder.AddOutput(Add(builder, new Transpose(), "y", root, builder.AddConstant("axes", TensorData.Vector<int>([1, 0]))));

        Graph graph = Quantizer.Quantize(builder.Build(), Table(("x", 0, 3), ("log", -2, 1), ("y", -2, 1)),
            new() { Io = EdgeType.Float32 }, TestContext.Current.CancellationToken).Graph;

        Assert.Equal(ElementType.Float32, Assert.Single(graph.Nodes, static node => node.Operator is Transpose).Input(0).Type);
        Assert.DoesNotContain(graph.Nodes, node => graph.Producer(node.Input(0))?.Operator is Unary && node.Operator is Graphs.Quantize);
    }

    [Fact]
    public void AQuotientOfTwoTensorsIsAProductWithTheReciprocal()
    {
        GraphBuilder builder = new();
        Tensor a = builder.AddInput("a", ElementType.Float32, [1, 3, 4]), b = builder.AddInput("b", ElementType.Float32, [1, 3, 1]);
        Tensor wide = Add(builder, new BroadcastTo(), "wide", b, builder.AddConstant("shape", TensorData.Vector<int>([1, 3, 4])));
        builder.AddOutput(Add(builder, new Binary(BinaryKind.Div), "y", a, wide));

        Graph graph = Quantized(builder.Build(), ("a", -3, 3), ("b", 1, 4), ("wide", 1, 4), ("y", -3, 3));

        Assert.Equal([BuiltinCode.Dequantize, BuiltinCode.Div, BuiltinCode.Quantize, BuiltinCode.Mul],
            graph.Nodes.Select(static node => node.Operator.Code));
        Node product = graph.Nodes[^1];
        Assert.Equal(ElementType.Int8, product.Input(1).Type);
        Assert.Equal(12, product.Output.Shape.ElementCount);
        Assert.Equal(1f / 255, product.Input(1).Quantization!.Scale, 1e-4f);
    }

    private static Tensor Add(GraphBuilder builder, Operator op, string name, params Tensor?[] inputs) =>
        builder.Add(op, name, Source.None, inputs);
}
