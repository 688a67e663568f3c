using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Weights;
using Xunit;

namespace EthosU.Quantize.Tests.Weights;

/// <summary>Weights are rounded for the sake of their operator's result.</summary>
public sealed class WeightRoundingTests
{
    public static TheoryData<string> Operators => ["conv", "grouped", "depthwise", "fully connected"];

    [Fact]
    public void ErrorsOfWeightsThatReadTheSameCancel()
    {
        const int size = 32;
        double[] moments = new double[size * size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                moments[(i * size) + j] = i == j ? 1 : 0.95;
        float[] weights = [.. Enumerable.Range(0, size).Select(static i => 3.4f + (i % 7))];
        var stored = new sbyte[size];

        new ErrorFeedback(moments, size).Round(weights, stored, sbyte.MaxValue);

        float[] errors = [.. stored.Zip(weights, static (integer, weight) => integer - weight)];
        Assert.All(errors, static error => Assert.InRange(error, -1.5f, 1.5f));
        Assert.InRange(Math.Abs(errors.Sum()), 0, 0.6f); // of the nearest ones: 32 × 0.4
    }

    [Fact]
    public void WeightsThatReadWhatHasNothingInCommonAreRoundedToTheNearest()
    {
        float[] weights = [0.4f, -1.6f, 126.9f, 200, -200];
        double[] moments = new double[25];
        for (int i = 0; i < 5; i++)
            moments[i * 6] = 1 + i;
        var stored = new sbyte[5];

        new ErrorFeedback(moments, 5).Round(weights, stored, sbyte.MaxValue);

        Assert.Equal([0, -2, 127, 127, -127], stored);
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void RowsTimesWeightsAreTheOperatorsResult(string kind)
    {
        (Graph graph, Node node) = Layer(kind);
        TensorData sample = Samples(graph, 1)[0][0];
        WindowRows rows = WindowRows.Of(node)!;
        float[] weights = node.Input(1).Data!.ToFloatArray(), result = new GraphInterpreter(graph).Run([sample])[0].ToFloatArray();
        int units = node.Output.Shape[-1], ofUnit = kind == "depthwise" ? 1 : node.Input(1).Shape[-1], groups = rows.Channels / ofUnit;
        var row = new float[rows.Channels * rows.Taps];
        for (int position = 0; position < rows.Positions; position++)
        {
            rows.Read(sample.AsSpan<float>(), 0, position, (int)rows.Positions, row);
            for (int unit = 0; unit < units; unit++)
            {
                double sum = 0;
                for (int channel = 0; channel < ofUnit; channel++)
                    for (int tap = 0; tap < rows.Taps; tap++)
                        sum += row[(((unit / (units / groups) * ofUnit) + channel) * rows.Taps) + tap]
                            * weights[kind == "depthwise" ? (tap * units) + unit : (((unit * rows.Taps) + tap) * ofUnit) + channel];
                Assert.Equal(result[(position * units) + unit], sum, 1e-4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void TheResultIsNearerThanThatOfNearestWeights(string kind)
    {
        (Graph graph, Node node) = Layer(kind);
        TensorData[][] samples = Samples(graph, 8);
        WeightRounding rounding = new(graph, static _ => true, samples, centred: false, TestContext.Current.CancellationToken);
        UnitRounder rounder = rounding.For(node)!;
        float[] weights = node.Input(1).Data!.ToFloatArray();
        var stored = new sbyte[weights.Length];

        rounder.Round(weights, [0.1f], stored, TestContext.Current.CancellationToken);

        double rounded = Error(graph, node, [.. stored.Select(static value => value * 0.1f)], samples);
        double nearest = Error(graph, node, [.. weights.Select(static value => MathF.Round(value / 0.1f) * 0.1f)], samples);
        Assert.True(rounded < nearest * 0.7, $"{kind}: {rounded} is not much less than {nearest}");
    }

    [Theory]
    [InlineData(Effort.Fast, Precision.Int16x8, false)]
    [InlineData(Effort.Normal, Precision.Int16x8, true)]
    [InlineData(Effort.Normal, Precision.Int8, false)]
    [InlineData(Effort.Best, Precision.Int8, true)]
    public void EffortSaysWhichWeightsAreRoundedSo(Effort effort, Precision precision, bool rounded)
    {
        (Graph graph, Node node) = Layer("conv");
        RangeTable ranges = RangeTable.Of([new("x", new(-2, 2)), new("y", new(-8, 8))], [.. Samples(graph, 8)]);

        Tensor stored = Assert.Single(Quantizer.Quantize(graph, ranges, new() { Effort = effort, Precision = precision },
            TestContext.Current.CancellationToken).Graph.Nodes).Input(1);

        float scale = stored.Quantization!.Scales[0];
        int[] nearest = [.. node.Input(1).Data!.ToFloatArray().Take(36).Select(value => (int)MathF.Round(value / scale))];
        Assert.Equal(!rounded, nearest.SequenceEqual(stored.Data!.ToInt32Array().Take(36)));
    }

    [Fact]
    public void FromUndefinedValuesNothingIsLearnt()
    {
        (Graph graph, Node node) = Layer("conv");
        TensorData[][] samples = Samples(graph, 4);
        WeightRounding Rounding(TensorData[][] data) => new(graph, static _ => true, data, true, TestContext.Current.CancellationToken);

        Assert.NotNull(Rounding(samples).For(node));
        float[] values = samples[0][0].ToFloatArray();
        Array.Fill(values, float.NaN);
        Assert.Null(Rounding([.. samples, [TensorData.From<float>(graph.Inputs[0].Shape, values)]]).For(node));
    }

    [Fact]
    public void FromRandomDataNothingIsLearnt()
    {
        (Graph graph, _) = Layer("conv");
        RangeTable ranges = RangeTable.Of([new("x", new(-2, 2)), new("y", new(-8, 8))], [.. Samples(graph, 8)]);
        RangeTable random = new(ImmutableDictionary<string, ValueHistogram>.Empty, ImmutableDictionary<string, ValueHistogram>.Empty)
        {
            Overrides = ranges.Overrides, Samples = ranges.Samples, IsRandom = true,
        };

        TensorData Stored(RangeTable table, Effort effort) =>
            Quantizer.Quantize(graph, table, new() { Effort = effort }, TestContext.Current.CancellationToken)
            .Graph.Nodes[0].Input(1).Data!;

        Assert.Equal(Stored(ranges, Effort.Fast).ToInt32Array(), Stored(random, Effort.Best).ToInt32Array());
        Assert.NotEqual(Stored(ranges, Effort.Fast).ToInt32Array(), Stored(ranges, Effort.Best).ToInt32Array());
    }

    /// <summary>One operator that reads channels which are much alike.</summary>
    private static (Graph Graph, Node Node) Layer(string kind)
    {
        GraphBuilder builder = new();
        Random random = new(7);
        Operator op = kind switch
        {
            "fully connected" => new FullyConnected(),
            "depthwise" => new DepthwiseConv2D(Padding.Same, 1, 1, DepthMultiplier: 2),
            _ => new Conv2D(Padding.Same, 2, 1),
        };
        Shape weights = kind switch
        {
            "fully connected" => [6, 16],
            "depthwise" => [1, 3, 3, 8],
            "grouped" => [6, 3, 3, 2],
            _ => [6, 3, 3, 4],
        };
        Tensor x = builder.AddInput("x", ElementType.Float32, kind == "fully connected" ? [30, 16] : [1, 5, 6, 4]);
        float[] values = [.. Enumerable.Range(0, (int)weights.ElementCount).Select(_ => (random.NextSingle() * 2) - 1)];
        builder.AddOutput(builder.Add(op, "y", Source.None, x, builder.AddConstant("w", TensorData.From<float>(weights, values))));
        Graph graph = builder.Build();
        return (graph, graph.Nodes[0]);
    }

    private static TensorData[][] Samples(Graph graph, int count)
    {
        Random random = new(3);
        TensorData Sample()
        {
            Shape shape = graph.Inputs[0].Shape;
            var values = new float[shape.ElementCount];
            float pixel = 0;
            for (int i = 0; i < values.Length; i++)
            {
                if (i % shape[-1] == 0)
                    pixel = (0.8f * pixel) + (0.4f * ((random.NextSingle() * 2) - 1));
                values[i] = pixel + (0.1f * random.NextSingle());
            }
            return TensorData.From<float>(shape, values);
        }

        return [.. Enumerable.Range(0, count).Select(_ => (TensorData[])[Sample()])];
    }

    private static double Error(Graph graph, Node node, float[] weights, TensorData[][] samples)
    {
        Tensor changed = new("w", TensorData.From<float>(node.Input(1).Shape, weights));
        Graph other = graph.With(nodes: [node.WithInputs(node.Inputs.SetItem(1, changed))]);
        (GraphInterpreter wanted, GraphInterpreter got) = (new(graph), new(other));
        return samples.Sum(sample => wanted.Run(sample)[0].ToFloatArray().Zip(got.Run(sample)[0].ToFloatArray())
            .Sum(static pair => Math.Pow(pair.First - pair.Second, 2)));
    }
}
