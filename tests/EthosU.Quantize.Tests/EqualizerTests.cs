using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Ranges;
using Xunit;

namespace EthosU.Quantize.Tests;

/// <summary>Channels of very different size between two layers are brought to one size.</summary>
public sealed class EqualizerTests
{
    [Theory]
    [InlineData(FusedActivation.Relu, true)]
    [InlineData(FusedActivation.None, true)]
    [InlineData(FusedActivation.Relu6, false)] // its bound holds for every channel alike
    public void TheFunctionStaysAndTheIntegersAreNearer(FusedActivation activation, bool changes)
    {
        GraphBuilder builder = new();
        Random random = new(4);
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 6, 6, 4]);
        float[] Weights(int count, Func<int, float> size) =>
            [.. Enumerable.Range(0, count).Select(i => ((random.NextSingle() * 2) - 1) * size(i))];
        // each of the first layer's channels is ten times as large as the next one, and is read by weights ten times as small
        Tensor first = builder.AddConstant("w1", TensorData.From<float>([4, 1, 1, 4], Weights(16, i => MathF.Pow(10, -(i / 4) / 1.5f))));
        Tensor second = builder.AddConstant("w2", TensorData.From<float>([8, 1, 1, 4], Weights(32, i => MathF.Pow(10, i % 4 / 1.5f))));
        Tensor middle = builder
            .Add(new Conv2D(Padding.Same, 1, 1, Activation: activation), "middle", Source.None, x, first,
            builder.AddConstant("b1", TensorData.From<float>([4], [0.1f, 0.02f, 0.003f, 0.0004f])));
        builder.AddOutput(builder
            .Add(new Conv2D(Padding.Same, 1, 1), "y", Source.None, middle, second,
            builder.AddConstant("b2", TensorData.From<float>([8], new float[8]))));
        Graph graph = builder.Build();
        TensorData[][] samples =
            [.. Enumerable.Range(0, 8).Select(_ => (TensorData[])[TensorData.From<float>([1, 6, 6, 4], Weights(144, _ => 1))])];
        RangeTable ranges = RangeTable.Of(RangesOf(graph, samples), [.. samples]);

        (Graph equal, RangeTable changed) = WeightEqualizer.Apply(graph, ranges, true, TestContext.Current.CancellationToken);

        Assert.Equal(changes, equal.Nodes[0].Input(1) != first);
        foreach (TensorData[] sample in samples)
            Assert.All(new GraphInterpreter(graph).Run(sample)[0].ToFloatArray()
                .Zip(new GraphInterpreter(equal).Run(sample)[0].ToFloatArray()),
                static pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        double before = Error(graph, graph, ranges, samples), after = Error(graph, equal, changed, samples);
        Assert.True(changes ? after < before / 2 : after <= before, $"the error was {before}, and is {after}");
    }

    /// <summary>Both layers' weights have a scale for each channel: what is taken from one is given to the other.</summary>
    [Theory]
    [InlineData(FusedActivation.None, true)]
    [InlineData(FusedActivation.Relu6, false)]
    public void BeforeADepthwiseLayerItIsFree(FusedActivation activation, bool changes)
    {
        GraphBuilder builder = new();
        Random random = new(5);
        float[] Values(int count, Func<int, float> size) =>
            [.. Enumerable.Range(0, count).Select(i => ((random.NextSingle() * 2) - 1) * size(i))];
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 6, 6, 4]);
        Tensor middle = builder.Add(new Conv2D(Padding.Same, 1, 1, Activation: activation), "middle", Source.None, x,
            builder.AddConstant("w1", TensorData.From<float>([4, 1, 1, 4], Values(16, i => MathF.Pow(10, -(i / 4) / 3f)))));
        Tensor y = builder.Add(new DepthwiseConv2D(Padding.Same, 1, 1), "y", Source.None, middle,
            builder.AddConstant("w2", TensorData.From<float>([1, 3, 3, 4], Values(36, i => MathF.Pow(10, i % 4 / 3f)))));
        builder.AddOutput(y);
        Graph graph = builder.Build();
        TensorData[][] samples =
            [.. Enumerable.Range(0, 8).Select(_ => (TensorData[])[TensorData.From<float>([1, 6, 6, 4], Values(144, _ => 1))])];
        RangeTable ranges = RangeTable.Of(RangesOf(graph, samples), [.. samples]);

        (Graph equal, RangeTable changed) = WeightEqualizer.Apply(graph, ranges, false, TestContext.Current.CancellationToken);

        Assert.Equal(!changes, equal == graph);
        double before = Error(graph, graph, ranges, samples), after = Error(graph, equal, changed, samples);
        Assert.True(changes ? after < before / 2 : after == before, $"the error was {before}, and is {after}");
    }

    private static Dictionary<string, ValueRange> RangesOf(Graph graph, TensorData[][] samples)
    {
        Dictionary<string, ValueRange> ranges = [];
        void See(Tensor tensor, TensorData data)
        {
            float[] values = data.ToFloatArray();
            ValueRange range = new(values.Min(), values.Max());
            ranges[tensor.Name] = ranges.TryGetValue(tensor.Name, out ValueRange other) ? other.Union(range) : range;
        }

        foreach (TensorData[] sample in samples)
        {
            See(graph.Inputs[0], sample[0]);
            new GraphInterpreter(graph).Run(sample, See);
        }
        return ranges;
    }

    private static double Error(Graph real, Graph equalized, RangeTable ranges, TensorData[][] samples)
    {
        Graph quantized = Quantizer.Quantize(equalized, ranges, new() { Effort = Effort.Fast, CorrectBias = false },
            TestContext.Current.CancellationToken).Graph;
        GraphInterpreter integers = new(quantized), wanted = new(real);
        return samples.Sum(sample => wanted.Run(sample)[0].ToFloatArray()
            .Zip(RealValues.Of(quantized.Outputs[0],
            integers.Run([Affine.QuantizeConstant(sample[0], ElementType.Int8, quantized.Inputs[0].Quantization!)])[0]))
            .Sum(static pair => Math.Pow(pair.First - pair.Second, 2)));
    }
}
