using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Ranges;
using Xunit;

namespace EthosU.Quantize.Tests;

/// <summary>Factors and summands of one number round nothing.</summary>
public sealed class ScalarStepTests
{
    [Theory]
    [InlineData(0.37f, 0.81f)]
    [InlineData(1.9f, -1.3f)]
    [InlineData(-0.6f, 0.5f)]
    public void TheIntegersStayWhatTheyAre(float factor, float summand)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 256]);
        Tensor h = builder.Add(new Unary(UnaryKind.HardSwish), "h", Source.None, x);
        Tensor m = builder.Add(new Binary(BinaryKind.Mul), "m", Source.None, h, Number("f", factor));
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Add), "y", Source.None, Number("s", summand), m));
        Tensor Number(string name, float value) => builder.AddConstant(name, TensorData.From<float>([1], [value]));

        ValueRange At(float low, float high) => new(Math.Min(low, high), Math.Max(low, high));
        RangeTable ranges = RangeTable.Of([new("x", new(-3, 4)), new("h", new(-0.375f, 4)), new("m", At(-0.375f * factor, 4 * factor)),
            new("y", At((-0.375f * factor) + summand, (4 * factor) + summand))]);
        Graph graph = Quantizer.Quantize(builder.Build(), ranges, null, TestContext.Current.CancellationToken).Graph;

        Dictionary<string, int[]> found = [];
        sbyte[] all = [.. Enumerable.Range(-128, 256).Select(static i => (sbyte)i)];
        new GraphInterpreter(graph).Run([TensorData.From<sbyte>([1, 256], all)],
            (tensor, data) => found[tensor.Name] = data.ToInt32Array());
        int[] operand = found["h"], result = found["y"];
        int moved = result[0] - (Math.Sign(factor) * operand[0]);
        Assert.True(operand.Distinct().Count() > 100);
        Assert.Equal(operand.Select(value => (Math.Sign(factor) * value) + moved), result);
        Tensor y = graph.Outputs[0];
        Assert.All(operand.Zip(RealValues.Of(y, TensorData.From<int>([1, 256], result))), pair => Assert.Equal(
            (graph.Nodes[0].Output.Quantization!.Scale * (pair.First - graph.Nodes[0].Output.Quantization!.ZeroPoint) * factor) + summand,
            pair.Second, y.Quantization!.Scale * 0.21f));
    }

    [Theory]
    [InlineData(-6f, 8, 12)] // the operand's zero lies far from all values
    [InlineData(0.006f, 0, 4)] // not next to a whole number of steps
    public void ASummandThatMovesTooMuchOrTooLittleIsRounded(float summand, float low, float high)
    {
        Assert.Null(ScalarSteps.Tie(1, summand, new(low, high), null));
    }

    [Fact]
    public void WhatIsFixedStaysSo()
    {
        Quantization given = Quantization.PerTensor(0.5f, -10);

        (Quantization Operand, Quantization Result) tied = ScalarSteps.Tie(0.25, 0, new(0, 10), given)!.Value;

        Assert.Equal(given, tied.Result);
        Assert.Equal(Quantization.PerTensor(2, -10), tied.Operand);
        Assert.Null(ScalarSteps.Tie(0.25, 0.2, new(0, 10), given));
    }
}
