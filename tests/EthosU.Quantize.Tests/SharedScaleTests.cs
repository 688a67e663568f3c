using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;
using Xunit;
using static EthosU.Quantize.Tests.GivenRanges;

namespace EthosU.Quantize.Tests;

/// <summary>Scales that are fixed, shared, or follow from others.</summary>
public sealed class SharedScaleTests
{
    [Fact]
    public void SoftmaxHasItsFixedScaleAndMovementKeepsIt()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor probabilities = builder.Add(new Softmax(), "p", Source.None, x);
        builder.AddOutput(builder.Add(new Reshape(), "y", Source.None, probabilities, builder.AddIntegers("shape", 2, 2)));

        Graph graph = Quantized(builder.Build(), ("x", -3, 5), ("p", 0, 0.5f));

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

        Graph graph = Quantized(builder.Build(), ("x", -8, 8), ("t", -1, 1), ("y", -8, 8));

        Assert.Equal(Quantization.PerTensor(1f / 128, 0), graph.Nodes.Single(node => node.Operator is Unary).Output.Quantization);
        Assert.InRange(graph.Outputs[0].Quantization!.Scale, 15f / 255, 17f / 255);
    }

    [Fact]
    public void AClampBecomesSaturation()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        Tensor sum = builder.Add(new Binary(BinaryKind.Add), "sum", Source.None, x, builder.AddConstant("half", TensorData.Scalar(0.5f)));
        builder.AddOutput(builder.Add(new Unary(UnaryKind.Relu0To1), "y", Source.None, sum));

        Node node = Assert.Single(Quantized(builder.Build(), ("x", -3, 3), ("sum", -2.5f, 3.5f), ("y", 0, 1)).Nodes);

        Assert.Equal(Quantization.PerTensor(1f / 255, -128), node.Output.Quantization);
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

        Graph graph = Quantized(real, ("x", -4, 4), ("logits", Math.Max(masked, -3.4e38f), 4), ("moved", Math.Max(masked, -3.4e38f), 4),
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

    private static Graph Join(float first, float second)
    {
        GraphBuilder builder = new();
        Tensor a = builder.AddInput("a", ElementType.Float32, [1, 4]), b = builder.AddInput("b", ElementType.Float32, [1, 4]);
        builder.AddOutput(builder.Add(new Concatenation(1), "y", Source.None, a, b));
        return Quantized(builder.Build(), ("a", -first, first), ("b", -second, second), ("y", -second, second));
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
}
