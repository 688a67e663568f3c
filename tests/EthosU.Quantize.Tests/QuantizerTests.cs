using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Ranges;
using Xunit;

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

        Node node = Assert.Single(Quantize(builder.Build(), ("x", -1, 1), ("y", -4, 4)).Nodes);

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

        Node node = Assert.Single(Quantize(builder.Build(), ("x", -1e-3f, 1e-3f), ("y", 0, 1000)).Nodes);

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

        Graph graph = Quantize(builder.Build(), ("x", -range, range));

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

        var refused = Assert.Throws<UnsupportedModelException>(() => Quantize(builder.Build(), ("x", -1, 1), ("y", 0, 1)));

        Assert.Contains($"Element 1 of the constant 'w' is {expected}", refused.Message);
    }

    [Fact]
    public void SoftmaxHasItsFixedScaleAndMovementKeepsIt()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor probabilities = builder.Add(new Softmax(), "p", Source.None, x);
        builder.AddOutput(builder.Add(new Reshape(), "y", Source.None, probabilities, builder.AddIntegers("shape", 2, 2)));

        Graph graph = Quantize(builder.Build(), ("x", -3, 5), ("p", 0, 0.5f));

        Assert.Equal(2, graph.Nodes.Length);
        Assert.Equal(Quantization.PerTensor(1f / 256, -128), graph.Outputs[0].Quantization);
    }

    [Fact]
    public void JoinedTensorsShareAScaleUnlessOneIsMuchSmaller()
    {
        Assert.Empty(Join(1, 2).Nodes.Where(node => node.Operator is Graphs.Quantize));
        Graph apart = Join(0.1f, 2);
        Assert.Single(apart.Nodes, node => node.Operator is Graphs.Quantize);
        Node concatenation = apart.Nodes.Single(node => node.Operator is Concatenation);
        Assert.All(concatenation.Inputs, input => Assert.Equal(concatenation.Output.Quantization, input!.Quantization));
    }

    [Fact]
    public void AFixedScaleIsNotWidened()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor tanh = builder.Add(new Unary(UnaryKind.Tanh), "t", Source.None, x);
        builder.AddOutput(builder.Add(new Concatenation(1), "y", Source.None, tanh, x));

        Graph graph = Quantize(builder.Build(), ("x", -8, 8), ("t", -1, 1), ("y", -8, 8));

        Assert.Equal(Quantization.PerTensor(1f / 128, 0), graph.Nodes.Single(node => node.Operator is Unary).Output.Quantization);
        Assert.InRange(graph.Outputs[0].Quantization!.Scale, 15f / 255, 17f / 255);
    }

    [Fact]
    public void OperatorsWithoutIntegerKernelStayRealAndSaySo()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        builder.AddOutput(builder.Add(new Unary(UnaryKind.Sin), "y", new Source { NodeName = "sine" }, x));

        QuantizeResult result =
            Quantizer.Quantize(builder.Build(), Table(("x", -3, 3), ("y", -1, 1)), null, TestContext.Current.CancellationToken);

        Assert.Equal([BuiltinCode.Dequantize, BuiltinCode.Sin, BuiltinCode.Quantize],
            result.Graph.Nodes.Select(node => node.Operator.Code));
        Finding finding = Assert.Single(result.Findings);
        Assert.Equal("quantize-float-operator", finding.RuleId);
        Assert.Equal("sine", finding.Source.NodeName);
    }

    [Fact]
    public void AClampBecomesSaturation()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor sum = builder.Add(new Binary(BinaryKind.Add), "sum", Source.None, x, builder.AddConstant("half", TensorData.Scalar(0.5f)));
        builder.AddOutput(builder.Add(new Unary(UnaryKind.Relu0To1), "y", Source.None, sum));

        Node node = Assert.Single(Quantize(builder.Build(), ("x", -3, 3), ("sum", -2.5f, 3.5f), ("y", 0, 1)).Nodes);

        Assert.Equal(Quantization.PerTensor(1f / 255, -128), node.Output.Quantization);
    }

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

    [Theory]
    [InlineData(float.NegativeInfinity, true)]
    [InlineData(-3.4e38f, true)]
    [InlineData(-1e9f, true)]
    [InlineData(-100f, true)]
    [InlineData(float.NegativeInfinity, false)]
    [InlineData(-1e9f, false)]
    public void AMaskBeforeASoftmaxLeavesTheLogitsTheirResolution(float masked, bool isAdded)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor mask = builder
            .AddConstant("mask", isAdded ? TensorData.From<float>([1, 4], [0, 0, masked, 0]) : TensorData.From<float>([1], [masked]));
        Tensor logits = isAdded
            ? builder.Add(new Binary(BinaryKind.Add), "logits", Source.None, x, mask)
            : builder.Add(new SelectV2(), "logits", Source.None,
            builder.AddConstant("keep", TensorData.From<bool>([1, 4], [true, true, false, true])), x, mask);
        builder.AddOutput(builder
            .Add(new Softmax(), "y", Source.None,
            builder.Add(new Reshape(), "moved", Source.None, logits, builder.AddIntegers("shape", 2, 2))));
        Graph real = builder.Build();

        Graph graph = Quantize(real, ("x", -4, 4), ("logits", Math.Max(masked, -3.4e38f), 4), ("moved", Math.Max(masked, -3.4e38f), 4),
            ("y", 0, 1));

        foreach (float[] values in new float[][] { [1, 2, 3, -1], [-4, -3, 4, -2], [4, 3.5f, 4, 3] })
        {
            float[] want = new GraphInterpreter(real).Run([TensorData.From<float>([1, 4], values)])[0].ToFloatArray();
            TensorData stored =
                Affine.QuantizeConstant(TensorData.From<float>([1, 4], values), ElementType.Int8, graph.Inputs[0].Quantization!);
            float[] got = RealValues.Of(graph.Outputs[0], new GraphInterpreter(graph).Run([stored])[0]);
            Assert.Equal(0, got[2]);
            Assert.All(want.Zip(got), static pair => Assert.Equal(pair.First, pair.Second, 0.03f));
        }
    }

    [Fact]
    public void AnUnknownRangeIsAnErrorThatNamesTheTensor()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Mul), "y", Source.None, x, x));

        var error = Assert.Throws<UnsupportedModelException>(() => Quantize(builder.Build(), ("x", -1, 1)));
        Assert.Equal("y", Assert.Single(error.Findings).Tensor);
    }

    private static Graph Join(float first, float second)
    {
        GraphBuilder builder = new();
        Tensor a = builder.AddInput("a", ElementType.Float32, [1, 4]), b = builder.AddInput("b", ElementType.Float32, [1, 4]);
        builder.AddOutput(builder.Add(new Concatenation(1), "y", Source.None, a, b));
        return Quantize(builder.Build(), ("a", -first, first), ("b", -second, second), ("y", -second, second));
    }

    private static RangeTable Table(params (string Name, float Min, float Max)[] ranges) =>
        RangeTable.Of(ranges.Select(range => KeyValuePair.Create(range.Name, new ValueRange(range.Min, range.Max))));

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

        Quantization stored = Quantize(builder.Build(), ("x", 0.1f, 5), ("log", -2.5f, -1.5f)).Outputs[0].Quantization!;

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

    /// <summary>State that comes out goes in again: one type and one scale, also where layers of 16 bits compute it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StateHasOneQuantizationOnBothSides(bool wide)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]), state = builder.AddInput("state", ElementType.Float32, [1, 4, 1]);
        Tensor before = builder.Add(new Reshape(), "before", Source.None, state, builder.AddIntegers("s", 1, 4));
        Tensor gate = builder
            .Add(new Unary(UnaryKind.Logistic), "gate", Source.None,
            builder.Add(new Binary(BinaryKind.Add), "sum", Source.None, x, before));
        Tensor next = builder.Add(new Binary(BinaryKind.Mul), "next", Source.None, gate, before);
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Sub), "y", Source.None, next, x));
        builder.AddOutput(builder.Add(new Reshape(), "state_out", Source.None, next, builder.AddIntegers("s", 1, 4, 1)));
        QuantizeOptions options = new() { Int16Layers = wide ? ["next", "gate", "sum"] : [] };

        QuantizeResult result =
            Quantizer.Quantize(builder.Build(),
            Table([("x", -1, 1), ("state", -0.5f, 0.5f), ("before", -0.5f, 0.5f), ("sum", -2, 2), ("gate", 0, 1), ("next", -3, 3),
                ("y", -3, 3), ("state_out", -3, 3)]),
            options, TestContext.Current.CancellationToken);

        Tensor given = result.Graph.Inputs[1], taken = result.Graph.Outputs[1];
        Assert.Equal((wide ? ElementType.Int16 : ElementType.Int8, taken.Type), (given.Type, given.Type));
        Assert.Equal(taken.Quantization, given.Quantization);
        Assert.True(given.Quantization!.Scale >= 6f / 65536);
        Assert.Contains(result.Findings, finding => finding.RuleId == "quantize-state");
    }

    [Theory]
    [InlineData(640, true)]
    [InlineData(4, false)]
    public void WhatIsLostInAConcatenationIsSaid(float boxes, bool lost)
    {
        GraphBuilder builder = new();
        Tensor a = builder.AddInput("boxes", ElementType.Float32, [1, 4]), b = builder.AddInput("scores", ElementType.Float32, [1, 2]);
        builder.AddOutput(builder.Add(new Concatenation(1), "y", Source.None, a, b));
        QuantizeResult result =
            Quantizer.Quantize(builder.Build(), Table([("boxes", 0, boxes), ("scores", 0, 1), ("y", 0, boxes)]), null,
            TestContext.Current.CancellationToken);
        Assert.Equal(lost ? 1
            : 0, result.Findings
            .Count(finding => finding.RuleId == "quantize-range-lost" && finding.Reason.Contains("'scores'", StringComparison.Ordinal)));
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

    private static Graph Quantize(Graph graph, params (string Name, float Min, float Max)[] ranges)
    {
        Graph result = Quantizer.Quantize(graph, Table(ranges), null, TestContext.Current.CancellationToken).Graph;
        result.Verify("quantization");
        return result;
    }
}
