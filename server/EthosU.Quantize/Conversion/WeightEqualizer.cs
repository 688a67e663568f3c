using System.Collections.Immutable;
using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>
/// Equalises channels between two layers: the first one's results are divided by a factor for each channel, the second one's
/// weights multiplied by it. The function stays the same where nothing but RELU lies between; small channels then use more of the
/// range that all channels share.
/// </summary>
internal static class WeightEqualizer
{
    private const double LargestFactor = 16;

    /// <summary>The equalised graph, and ranges for it.</summary>
    /// <param name="graph">The graph in real numbers.</param>
    /// <param name="ranges">The values its tensors take.</param>
    /// <param name="all">False for those pairs alone where it costs nothing: both layers' weights have a scale for each channel.</param>
    /// <param name="cancellation">Stops between operators.</param>
    public static (Graph Graph, RangeTable Ranges) Apply(Graph graph, RangeTable ranges, bool all, CancellationToken cancellation)
    {
        if (all)
            graph = ConstantFolding.Apply(graph, null, cancellation);
        Dictionary<Tensor, (Node First, Node Second)> pairs = [];
        foreach (Node node in graph.Nodes)
            if (IsFirst(node) && graph.HasSingleUse(node.Output) && graph.Consumers(node.Output)[0] is var consumer
                && IsSecond(consumer, node.Output) && (all || IsFree(node, consumer, ranges)))
                pairs[node.Output] = (node, consumer);
        if (pairs.Count == 0 || ranges.Samples.IsEmpty)
            return (graph, ranges);
        Dictionary<Tensor, float[]> largest = Measure(graph, ranges, pairs.Keys, cancellation);

        Dictionary<Node, Node> rewritten = [];
        var overrides = ranges.Overrides.ToBuilder();
        foreach ((Tensor tensor, (Node first, Node second)) in pairs)
        {
            double[] factors = Factors(largest[tensor], second);
            rewritten[first] = ScaleResults(rewritten.GetValueOrDefault(first, first), factors);
            rewritten[second] = ScaleOperand(rewritten.GetValueOrDefault(second, second), factors);
            if (ranges.Find(tensor, IsFree(first, second, ranges) ? 16 : 8) is { } range && largest[tensor].Max() is > 0 and var before)
            {
                float ratio = (float)(largest[tensor].Select((value, c) => value / factors[c]).Max() / before);
                overrides[tensor.Name] = new(range.Min * ratio, range.Max * ratio);
            }
        }
        Graph result = graph.With(nodes: [.. graph.Nodes.Select(node => rewritten.GetValueOrDefault(node, node))]);
        return (result, ranges.With(overrides: overrides.ToImmutable()));
    }

    private static bool IsFirst(Node node) => node.Operator is Conv2D or DepthwiseConv2D or FullyConnected
        && node.Operator.Activation is FusedActivation.None or FusedActivation.Relu
        && node.Input(1) is { IsConstant: true, Type: ElementType.Float32 } && node.TryInput(2) is null or { IsConstant: true };

    /// <summary>
    /// True if each channel's factor vanishes in its scales of weights, and no scale is given from training. All channels then fill the
    /// range of their tensor, which must hold all their values.
    /// </summary>
    private static bool IsFree(Node first, Node second, RangeTable ranges) => first.Operator is Conv2D or DepthwiseConv2D
        && second.Operator is DepthwiseConv2D && first.Input(1).Quantization is null && second.Input(1).Quantization is null
        && ranges.FindTrained(first.Output) is null;

    private static bool IsSecond(Node node, Tensor x) =>
        node.Input(0) == x && node.TryInput(1) is { IsConstant: true, Type: ElementType.Float32 } weights && node.Operator switch
    {
        Conv2D => weights.Shape[-1] == x.Shape[-1],
        DepthwiseConv2D depthwise => depthwise.DepthMultiplier == 1,
        FullyConnected => weights.Shape[1] == x.Shape[-1],
        _ => false,
    };

    private static Dictionary<Tensor, float[]> Measure(Graph graph, RangeTable ranges, IEnumerable<Tensor> tensors,
        CancellationToken cancellation)
    {
        Dictionary<Tensor, float[]> largest = tensors.ToDictionary(tensor => tensor, tensor => new float[tensor.Shape[-1]]);
        GraphInterpreter interpreter = new(graph);
        foreach (TensorData[][] group in ranges.Samples.Chunk(interpreter.RunsAtOnce))
            ParallelLoop.ForEach(group, sample => interpreter.Watch(sample, See, cancellation), cancellation);
        return largest;

        void See(Tensor tensor, ReadOnlySpan<byte> bytes)
        {
            if (!largest.TryGetValue(tensor, out float[]? channels))
                return;
            ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(bytes);
            lock (channels) // the order in which samples come makes no difference
            {
                for (int start = 0; start < values.Length; start += channels.Length)
                    for (int i = 0; i < channels.Length; i++)
                        channels[i] = Math.Max(channels[i], Math.Abs(values[start + i]));
            }
        }
    }

    /// <summary>
    /// The geometric mean between equal channels of the tensor and equal columns of the second layer's weights; the largest is 1.
    /// </summary>
    private static double[] Factors(float[] largest, Node second)
    {
        float[] weights = second.Input(1).Data!.ToFloatArray();
        var columns = new float[largest.Length];
        for (int i = 0; i < weights.Length; i++)
            columns[i % columns.Length] = Math.Max(columns[i % columns.Length], Math.Abs(weights[i]));
        bool perChannel = second.Operator is DepthwiseConv2D; // has a scale for each channel anyway
        double[] factors =
            [.. largest.Select((value, c) => value <= 0 || columns[c] <= 0 ? 0 : perChannel ? value : Math.Sqrt(value / columns[c]))];
        double top = factors.Max();
        return [.. factors.Select(factor => top == 0 || factor == 0 ? 1 : Math.Max(factor / top, 1 / LargestFactor))];
    }

    private static Node ScaleResults(Node node, double[] factors)
    {
        Tensor weights = node.Input(1);
        int count = factors.Length, perUnit = weights.Data!.Count / count;
        bool depthwise = node.Operator is DepthwiseConv2D;
        Tensor scaled = Scale(weights, i => 1 / factors[depthwise ? i % count : i / perUnit]);
        ImmutableArray<Tensor?> inputs = node.Inputs.SetItem(1, scaled);
        if (node.TryInput(2) is { } bias)
            inputs = inputs.SetItem(2, Scale(bias, i => 1 / factors[i]));
        return node.WithInputs(inputs);
    }

    private static Node ScaleOperand(Node node, double[] factors) =>
        node.WithInputs(node.Inputs.SetItem(1, Scale(node.Input(1), i => factors[i % factors.Length])));

    private static Tensor Scale(Tensor tensor, Func<int, double> factor)
    {
        float[] values = tensor.Data!.ToFloatArray();
        return new(tensor.Name,
            TensorData.Wrap(ElementType.Float32, tensor.Shape, [.. values.Select((value, i) => (float)(value * factor(i)))]));
    }
}
