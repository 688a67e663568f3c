using EthosU.Graphs;
using EthosU.Interpreter;
using Xunit;
using static EthosU.Quantize.Tests.GivenRanges;

namespace EthosU.Quantize.Tests;

/// <summary>The rules of single operators (tflite-kernels 1).</summary>
public sealed class QuantizerTests
{
    [Fact]
    public void ConvolutionsGetAScaleForEachChannelAndBiasesTheProduct()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 2, 2, 1]);
        Tensor weights = builder.AddConstant("w", TensorData.From<float>([2, 1, 1, 1], [0.5f, -4]));
        Tensor bias = builder.AddConstant("b", TensorData.From<float>([2], [0.25f, 1]));
        builder.AddOutput(builder.Add(new Conv2D(Padding.Valid, 1, 1), "y", Source.None, x, weights, bias));

        Node node = Assert.Single(Quantized(builder.Build(), ("x", -1, 1), ("y", -4, 4)).Nodes);

        Assert.Equal([0.5f / 127, 4f / 127], node.Input(1).Quantization!.Scales);
        Assert.Equal([127, -127], node.Input(1).Data!.ToInt32Array());
        float xScale = node.Input(0).Quantization!.Scale;
        Assert.Equal(2f / 255, xScale);
        Assert.Equal([xScale * (0.5f / 127), xScale * (4f / 127)], node.Input(2).Quantization!.Scales);
        Assert.Equal((int)MathF.Round(0.25f / (xScale * (0.5f / 127))), node.Input(2).Data!.ToInt32Array()[0]);
    }

    [Fact]
    public void ABiasTooLargeForItsScaleWidensTheWeights()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor weights = builder.AddConstant("w", TensorData.From<float>([1, 4], [1e-7f, 0, 0, 0]));
        Tensor bias = builder.AddConstant("b", TensorData.From<float>([1], [1000]));
        builder.AddOutput(builder.Add(new FullyConnected(), "y", Source.None, x, weights, bias));

        Node node = Assert.Single(Quantized(builder.Build(), ("x", -1e-3f, 1e-3f), ("y", 0, 1000)).Nodes);

        double held = node.Input(2).Data!.ToInt64Array()[0] * (double)node.Input(2).Quantization!.Scale;
        Assert.Equal(1000, held, 1.0);
    }

    /// <summary>The 8-bit comparison takes scales below 1, and of small ones sees nothing: then real numbers are compared.</summary>
    [Theory]
    [InlineData(1000, ElementType.Float32)]
    [InlineData(4, ElementType.Int8)]
    [InlineData(1e-3f, ElementType.Float32)]
    public void ComparisonsOutOfTheKernelsBoundsStayInReals(float range, ElementType expected)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 2]);
        Tensor limit = builder.AddConstant("c", TensorData.From<float>([1], [range / 2]));
        builder.AddOutput(builder.Add(new Compare(CompareKind.Greater), "y", Source.None, x, limit));

        Graph graph = Quantized(builder.Build(), ("x", -range, range));

        Node node = Assert.Single(graph.Nodes, node => node.Operator is Compare);
        Assert.Equal(expected, node.Input(0).Type);
        Assert.Empty(KernelCheck.Find(graph, TestContext.Current.CancellationToken));
        sbyte[] given = [.. new[] { range * 0.4f, range * 0.6f }
            .Select(value => (sbyte)Math
            .Round((value / graph.Inputs[0].Quantization!.Scale) + graph.Inputs[0].Quantization!.ZeroPoints[0]))];
        Assert.Equal([0, 1],
            new GraphInterpreter(graph).Run([TensorData.From<sbyte>([1, 2], given)], null, TestContext.Current.CancellationToken)[0].Bytes
                .ToArray());
    }

    [Theory]
    [InlineData(Precision.Int8)]
    [InlineData(Precision.Int16x8)]
    public void AProductOfAlmostNothingLeavesAModelThatRuns(Precision precision)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 2]), z = builder.AddInput("z", ElementType.Float32, [1, 2]);
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Mul), "y", Source.None, x, z));
        Graph graph = Quantizer
            .Quantize(builder.Build(), Table([("x", -1, 1), ("z", -1, 1), ("y", 0, 1e-25f)]), new QuantizeOptions { Precision = precision },
            TestContext.Current.CancellationToken).Graph;
        Assert.Empty(KernelCheck.Find(graph, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(BinaryKind.Add, Precision.Int8)]
    [InlineData(BinaryKind.Sub, Precision.Int8)]
    [InlineData(BinaryKind.Sub, Precision.Int16x8)]
    public void TermsThatCancelLeaveAModelThatRuns(BinaryKind kind, Precision precision)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        builder.AddOutput(builder
            .Add(new Binary(kind), "y", Source.None, x, builder.AddConstant("c", TensorData.From<float>([4], [1000, 1000, 1000, 1000]))));

        Graph graph = Quantizer
            .Quantize(builder.Build(), Table([("x", -1000, 1000), ("y", 0, 1e-9f)]), new QuantizeOptions { Precision = precision },
            TestContext.Current.CancellationToken).Graph;

        Node node = Assert.Single(graph.Nodes);
        double twice = 2.0 * Math.Max(node.Input(0).Quantization!.Scale, node.Input(1).Quantization!.Scale);
        Assert.InRange(twice / node.Output.Quantization!.Scale, 1, Math.ScaleB(1, precision == Precision.Int8 ? 20 : 15) - 1);
    }

    [Theory]
    [InlineData(float.NaN, "not a number")]
    [InlineData(float.PositiveInfinity, "infinite")]
    public void WeightsThatAreNotFiniteAreNamed(float value, string expected)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 2]);
        builder.AddOutput(builder
            .Add(new FullyConnected(), "y", Source.None, x, builder.AddConstant("w", TensorData.From<float>([1, 2], [1, value]))));

        var refused = Assert.Throws<UnsupportedModelException>(() => Quantized(builder.Build(), ("x", -1, 1), ("y", 0, 1)));

        Assert.Contains($"Element 1 of the constant 'w' is {expected}", refused.Message);
    }

    [Fact]
    public void OperatorsWithoutIntegerKernelStayRealAndSaySo()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor axis = builder.AddConstant("axis", TensorData.Scalar(1));
        builder.AddOutput(builder.Add(new CumSum(false, false), "y", new Source { NodeName = "sum" }, x, axis));

        QuantizeResult result =
            Quantizer.Quantize(builder.Build(), Table(("x", -3, 3), ("y", -1, 1)), null, TestContext.Current.CancellationToken);

        Assert.Equal([BuiltinCode.Dequantize, BuiltinCode.Cumsum, BuiltinCode.Quantize],
            result.Graph.Nodes.Select(node => node.Operator.Code));
        Finding finding = Assert.Single(result.Findings);
        Assert.Equal("quantize-float-operator", finding.RuleId);
        Assert.Equal("sum", finding.Source.NodeName);
    }

    [Theory]
    [InlineData(EdgeType.Quantized)]
    [InlineData(EdgeType.Float32)]
    public void EdgesKeepTheUsersNamesBehindConversions(EdgeType io)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("image", ElementType.Float32, [1, 4]);
        Tensor sine = builder.Add(new Unary(UnaryKind.Sin), "best", Source.None, x);
        builder.AddOutput(sine);
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Mul), "square", Source.None, sine, sine));

        Graph graph = Quantizer
            .Quantize(builder.Build(), Table(("image", -3, 3), ("best", -1, 1), ("square", 0, 1)), new() { Io = io },
            TestContext.Current.CancellationToken).Graph;

        graph.Verify("quantization");
        Assert.Equal(["image"], graph.Inputs.Select(tensor => tensor.Name));
        Assert.Equal(["best", "square"], graph.Outputs.Select(tensor => tensor.Name));
        ElementType type = io == EdgeType.Float32 ? ElementType.Float32 : ElementType.Int8;
        Assert.All(graph.Inputs.Concat(graph.Outputs), tensor => Assert.Equal(type, tensor.Type));
        Assert.Equal(graph.Tensors.Count(), graph.Tensors.Select(tensor => tensor.Name).Distinct().Count());
    }

    [Fact]
    public void AnUnknownRangeIsAnErrorThatNamesTheTensor()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Mul), "y", Source.None, x, x));

        var error = Assert.Throws<UnsupportedModelException>(() => Quantized(builder.Build(), ("x", -1, 1)));
        Assert.Equal("y", Assert.Single(error.Findings).Tensor);
    }

    /// <summary>What only moves values, behind an operator that stays in real numbers, has their range, and 0 where it pads.</summary>
    [Fact]
    public void AMovementOfRealsHasTheRangeOfItsSource()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor log = builder.Add(new Unary(UnaryKind.Log), "log", Source.None, x);
        Tensor padded = builder
            .Add(new Pad(), "padded", Source.None, log, builder.AddConstant("paddings", TensorData.From<int>([2, 2], [0, 0, 1, 1])));
        builder.AddOutput(builder.Add(new Reshape(), "y", Source.None, padded, builder.AddIntegers("shape", 6)));

        Quantization stored = Quantized(builder.Build(), ("x", 0.1f, 5), ("log", -2.5f, -1.5f)).Outputs[0].Quantization!;

        Assert.Equal(2.5f / 255, stored.Scale);
        Assert.Equal(127, stored.ZeroPoint);
    }

    [Fact]
    public void AResultWithoutARangeIsRefused()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        builder.AddOutput(builder.Add(new Unary(UnaryKind.Log), "log", Source.None, x));
        var e = Assert.Throws<UnsupportedModelException>(
            () => Quantizer.Quantize(builder.Build(), Table([("x", 0, 1)]), null, TestContext.Current.CancellationToken));
        Assert.Equal("quantize-range-unknown", Assert.Single(e.Findings).RuleId);
    }
}
