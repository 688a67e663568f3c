using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Ranges;
using Xunit;

namespace EthosU.Quantize.Tests;

/// <summary>Operators on real numbers that old runtimes lack, by those that they have.</summary>
public sealed class RealOperatorTests
{
    [Fact]
    public void TheAngleIsRightInTheWholePlane()
    {
        GraphBuilder builder = new();
        Tensor y = builder.AddInput("y", ElementType.Float32, [1, 400]), x = builder.AddInput("x", ElementType.Float32, [1, 400]);
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Atan2), "angle", Source.None, y, x));
        float[] ys = new float[400], xs = new float[400];
        for (int i = 0; i < 360; i++)
        {
            float size = MathF.Pow(10, (i % 9) - 4);
            (ys[i], xs[i]) = (size * MathF.Sin(i * MathF.PI / 180), size * MathF.Cos(i * MathF.PI / 180));
        }
        (ys[361], xs[361]) = (1, 0);
        (ys[362], xs[362]) = (-1, 0);
        (ys[363], xs[363]) = (0, -1);
        (ys[364], xs[364]) = (3e38f, 3e38f);
        (ys[365], xs[365]) = (1e-30f, 1e30f);

        float[] got = Run(builder.Build(), BuiltinCode.Atan2, ys, xs);

        for (int i = 0; i < ys.Length; i++)
            Assert.Equal(MathF.Atan2(ys[i], xs[i]), got[i], 1e-6f);
    }

    [Theory]
    [InlineData(UnaryKind.Sign, new float[] { -3e38f, -1, -1e-37f, 0, 1e-37f, 2, 3e38f }, new float[] { -1, -1, -1, 0, 1, 1, 1 })]
    [InlineData(UnaryKind.Relu0To1, new float[] { -3e38f, -0.5f, 0, 0.25f, 1, 1.5f, 3e38f }, new float[] { 0, 0, 0, 0.25f, 1, 1, 1 })]
    public void LimitsAreRight(UnaryKind kind, float[] values, float[] wanted)
    {
        GraphBuilder builder = new();
        builder.AddOutput(builder.Add(new Unary(kind), "y", Source.None, builder.AddInput("x", ElementType.Float32, [1, 7])));

        float[] got = Run(builder.Build(), new Unary(kind).Code, values);

        if (kind == UnaryKind.Sign) // beside zero the step has a width of 3e-39
            wanted = [.. wanted.Select((value, i) => Math.Abs(values[i]) < 1e-36f ? MathF.Sign(values[i]) : value)];
        Assert.Equal(wanted, got);
    }

    /// <summary>A border of −1e9 must leave the data their resolution, and still be lower than all of them.</summary>
    [Theory]
    [InlineData(-1e9f)]
    [InlineData(-3.4e38f)]
    [InlineData(float.NegativeInfinity)]
    public void AFillThatStandsForInfinityStretchesNoRange(float fill)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4, 4, 1]);
        Tensor padded = builder
            .Add(new PadV2(), "padded", Source.None, x,
            builder.AddConstant("paddings", TensorData.From<int>([4, 2], [0, 0, 1, 1, 1, 1, 0, 0])),
            builder.AddConstant("fill", TensorData.Scalar(fill)));
        builder.AddOutput(builder.Add(new Pool2D(PoolKind.Max, Padding.Valid, 1, 1, 3, 3), "y", Source.None, padded));
        Graph real = builder.Build();
        float low = Math.Max(fill, -3.4e38f);
        RangeTable ranges = RangeTable.Of([new("x", new(-4, 4)), new("padded", new(low, 4)), new("y", new(-4, 4))]);

        Graph graph = Quantizer.Quantize(real, ranges, null, TestContext.Current.CancellationToken).Graph;

        Assert.All(graph.Tensors.Where(tensor => tensor.Type == ElementType.Int8),
            tensor => Assert.InRange(tensor.Quantization!.Scale, 0.03f, 0.033f));
        TensorData data = TensorData.From<float>([1, 4, 4, 1], [.. Enumerable.Range(0, 16).Select(i => -3.5f + (i / 8f))]);
        float[] want = new GraphInterpreter(real).Run([data])[0].ToFloatArray();
        float[] got = RealValues
            .Of(graph.Outputs[0],
            new GraphInterpreter(graph).Run([Affine.QuantizeConstant(data, ElementType.Int8, graph.Inputs[0].Quantization!)])[0]);
        Assert.All(want.Zip(got), static pair => Assert.Equal(pair.First, pair.Second, 0.02f));
    }

    [Fact]
    public void AFillThatIsANumberIsKept()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        builder.AddOutput(builder
            .Add(new PadV2(), "y", Source.None, x, builder.AddConstant("paddings", TensorData.From<int>([2, 2], [0, 0, 1, 1])),
            builder.AddConstant("fill", TensorData.Scalar(-10f))));

        Graph graph = Quantizer
            .Quantize(builder.Build(), RangeTable.Of([new("x", new(-1, 1)), new("y", new(-10, 1))]), null,
            TestContext.Current.CancellationToken).Graph;

        Assert.InRange(graph.Outputs[0].Quantization!.Scale, 11f / 256, 11f / 254);
    }

    private static float[] Run(Graph real, BuiltinCode gone, params float[][] inputs)
    {
        Graph graph = Quantizer
            .Quantize(real, RangeTable.Of([]), new() { Precision = Precision.Float32 }, TestContext.Current.CancellationToken).Graph;
        graph.Verify("real operators");
        Assert.DoesNotContain(graph.Nodes, node => node.Operator.Code == gone);
        return new GraphInterpreter(graph).Run([.. inputs.Select((values, i) => TensorData.From<float>(graph.Inputs[i].Shape, values))])[0]
            .ToFloatArray();
    }
}
