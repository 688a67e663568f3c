using EthosU.Graphs;
using EthosU.Npu.Rewrites;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Lowering;

/// <summary>DEQUANTIZE and QUANTIZE from int8 to int16 become one operator where nothing is rounded.</summary>
public sealed class WideningTests
{
    private static readonly Target Target = TargetCatalog.Standard.Resolve("ethos-u55-128");

    [Theory]
    [InlineData(0.1f, 0.1f / 128, true)]
    [InlineData(0.1f, 0.1f / 2, true)]
    [InlineData(0.1f, 0.1f / 256, false)] // does not fit
    [InlineData(0.1f, 0.001f, false)] // would be rounded
    public void Only_exact_conversions_become_one(float narrow, float wide, bool direct)
    {
        Graph graph = Make(narrow, wide, alsoAsOutput: false);
        Node conversion = Assert.Single(ModelRewrites.Apply(graph).Graph.Nodes, node => node.Operator is not Unary);
        Assert.Equal(direct, conversion.Operator is Quantize); // else a table of what real numbers give
        SupportReport report = SupportChecker.Check(graph, Target);
        Assert.True(report.RunsOnNpuOnly);
        Assert.All(graph.Nodes, node => Assert.True(report.Placements.ContainsKey(node)));
    }

    [Fact]
    public void Real_numbers_that_are_read_stay()
    {
        Graph graph = ModelRewrites.Apply(Make(0.1f, 0.1f / 128, alsoAsOutput: true)).Graph;
        Assert.Single(graph.Nodes, node => node.Operator is Dequantize);
        Assert.Equal(graph.Inputs[0], graph.Nodes.Single(node => node.Operator is Quantize).Input(0));
    }

    private static Graph Make(float narrow, float wide, bool alsoAsOutput)
    {
        Shape shape = [1, 4, 4, 8];
        Tensor x = new("x", ElementType.Int8, shape, Quantization.PerTensor(narrow, 3)), real = new("real", ElementType.Float32, shape);
        Tensor widened = new("wide", ElementType.Int16, shape, Quantization.PerTensor(wide, 0)),
            y = new("y", ElementType.Int16, shape, Quantization.PerTensor(1f / 32768, 0));
        return new("widening",
            [new(new Dequantize(), [x], [real]), new(new Quantize(), [real], [widened]),
                new(new Unary(UnaryKind.Logistic), [widened], [y])],
            [x], alsoAsOutput ? [y, real] : [y]);
    }
}
