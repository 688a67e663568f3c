using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Search;
using Xunit;

namespace EthosU.Quantize.Tests.Search;

/// <summary>16 bits for the layers that gain most, within a budget.</summary>
public sealed class MixedPrecisionTests
{
    [Fact]
    public void WhereTheNoiseIsBornThereAre16Bits()
    {
        MixedResult result = Choose(new(1, null))!;

        Assert.Equal(["large", "small"], result.Layers.Order(StringComparer.Ordinal));
        Assert.InRange(result.After, result.Before + 15, 150);
        Assert.Equal(result.CyclesBefore + 2, result.CyclesAfter);
    }

    [Fact]
    public void TheBudgetIsKept() => Assert.Empty(Choose(new(0.1, null))!.Layers); // two layers of six would be a third more

    [Fact]
    public void WhatIsGoodEnoughStaysAsItIs()
    {
        double before = Choose(new(1, null))!.Before;
        Assert.Empty(Choose(new(null, before - 1))!.Layers);
        Assert.NotEmpty(Choose(new(null, before + 3))!.Layers);
    }

    [Fact]
    public void LayersThatTheNpuHasIn8BitsOnlyStayInThem() => Assert.DoesNotContain("large", Choose(new(1, null), "large")!.Layers);

    [Fact]
    public void OfRandomNumbersNothingIsLearnt()
    {
        (Graph graph, RangeTable ranges) = Network();
        Assert.Null(MixedPrecision.Choose(graph, RangeTable.Of(ranges.Overrides), new(), new(1, null), [], Cycles));
    }

    /// <summary>A sum of a large constant, from which it is taken away again, between layers that 8 bits do no harm.</summary>
    private static (Graph Graph, RangeTable Ranges) Network()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 64]);
        Tensor offset = builder.AddConstant("offset", TensorData.From<float>([2], [40, -40]));
        Tensor first = builder.Add(new Binary(BinaryKind.Mul), "first", Source.None, x, x);
        Tensor pairs = builder.Add(new Reshape(), "pairs", Source.None, first, builder.AddIntegers("shape", 32, 2));
        Tensor large = builder.Add(new Binary(BinaryKind.Add), "large", Source.None, pairs, offset);
        Tensor small = builder.Add(new Binary(BinaryKind.Sub), "small", Source.None, large, offset);
        Tensor scaled = builder.Add(new Binary(BinaryKind.Mul), "scaled", Source.None, small, small);
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Add), "y", Source.None, scaled, small));
        Random random = new(3);
        ImmutableArray<TensorData[]> samples = [.. Enumerable.Range(0, 4).Select(_ => new[]
        {
            TensorData.From<float>([1, 64], [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle())]),
        })];
        (string Name, float Min, float Max)[] known = [("x", 0, 1), ("first", 0, 1), ("pairs", 0, 1), ("large", -40, 41), ("small", 0, 1),
            ("scaled", 0, 1), ("y", 0, 2)];
        return (builder.Build(), RangeTable.Of(
            known.Select(static range => KeyValuePair.Create(range.Name, new ValueRange(range.Min, range.Max))), samples));
    }

    private static MixedResult? Choose(MixedGoal goal, params string[] narrow)
    {
        (Graph graph, RangeTable ranges) = Network();
        return MixedPrecision.Choose(graph, ranges, new(), goal, [.. narrow], Cycles, null, TestContext.Current.CancellationToken);
    }

    private static double Cycles(Graph graph) => 6 + graph.Nodes.Count(static node =>
        node.Operator is Binary && node.Output.Type == ElementType.Int16);
}
