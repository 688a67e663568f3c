using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Ranges;
using Xunit;

namespace EthosU.Quantize.Tests.Search;

/// <summary>Ranges are chosen by what they do to the outputs.</summary>
public sealed class MethodSearchTests
{
    private const int Count = 40_000;

    /// <summary>
    /// Most values are small, a few large, and the output has of the large ones alone what is beyond the range of least squared error.
    /// </summary>
    [Fact]
    public void RareValuesThatTheOutputIsMadeOfAreNotClipped()
    {
        (Graph graph, RangeTable ranges) = Network(7.6f);

        Assert.InRange(Noise(graph, ranges, Effort.Fast), 0.2, 1);
        Assert.InRange(Noise(graph, ranges, Effort.Normal), 0, 0.02);
        Assert.Equal(Range(graph, ranges, Effort.Normal), Range(graph, ranges, Effort.Best));
    }

    [Fact]
    public void RangesThatAreWishedForStay()
    {
        (Graph graph, RangeTable ranges) = Network(7.6f);

        RangeTable wished = ranges.WithMethod("x", RangeMethod.Mse), all = ranges.WithMethod(RangeMethod.Percentile);

        Assert.Equal(Range(graph, ranges, Effort.Fast), Range(graph, wished, Effort.Normal));
        Assert.Equal(Range(graph, all, Effort.Fast), Range(graph, all, Effort.Normal));
    }

    [Fact]
    public void WhereAllValuesCountTheRangeOfLeastErrorStays()
    {
        (Graph graph, RangeTable ranges) = Network(0);

        Assert.Equal(Range(graph, ranges, Effort.Fast), Range(graph, ranges, Effort.Normal));
    }

    /// <summary>The part of x beyond a limit; by a product, whose operand no clamp of a later operator makes useless.</summary>
    private static (Graph Graph, RangeTable Ranges) Network(float limit)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, Count]);
        Tensor rest = builder.Add(new Binary(BinaryKind.Sub), "rest", Source.None, x,
            builder.AddConstant("limit", TensorData.From<float>([1], [limit])));
        builder.AddOutput(limit == 0 ? rest : builder.Add(new Unary(UnaryKind.Relu), "y", Source.None, rest));
        Random random = new(5);
        ImmutableArray<TensorData[]> samples = [.. Enumerable.Range(0, 4).Select(_ => new[]
        {
            TensorData.From<float>([1, Count], [.. Enumerable.Range(0, Count)
                .Select(i => i == 7 ? 8 : (random.NextSingle() * 2) - 1)]),
        })];
        Dictionary<string, ValueHistogram> histograms = [];
        foreach (TensorData[] sample in samples)
        {
            Add("x", sample[0]);
            new GraphInterpreter(builder.Build()).Run(sample, (tensor, value) => Add(tensor.Name, value),
                TestContext.Current.CancellationToken);
        }
        return (builder.Build(), new(ImmutableDictionary<string, ValueHistogram>.Empty, histograms.ToImmutableDictionary())
        {
            Method = RangeMethod.Mse,
            Samples = samples,
        });

        void Add(string name, TensorData value)
        {
            if (!histograms.TryGetValue(name, out ValueHistogram? histogram))
                histograms[name] = histogram = new();
            histogram.Add(value.AsSpan<float>());
        }
    }

    private static Graph Quantized(Graph graph, RangeTable ranges, Effort effort) => Quantizer
        .Quantize(graph, ranges, new() { Effort = effort }, TestContext.Current.CancellationToken).Graph;

    private static float Range(Graph graph, RangeTable ranges, Effort effort) =>
        Quantized(graph, ranges, effort).Inputs[0].Quantization!.Scale;

    private static double Noise(Graph graph, RangeTable ranges, Effort effort)
    {
        Graph quantized = Quantized(graph, ranges, effort);
        TensorData[] sample = ranges.Samples[0];
        float[] wanted = new GraphInterpreter(graph).Run(sample)[0].ToFloatArray();
        float[] got = RealValues.Of(quantized.Outputs[0],
            new GraphInterpreter(quantized).Run(RealValues.StoreInputs(quantized, sample))[0]);
        return wanted.Zip(got, static (a, b) => (a - b) * (a - b)).Sum() / wanted.Sum(static value => value * value);
    }
}
