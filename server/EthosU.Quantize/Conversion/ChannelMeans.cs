using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Quantize.Conversion;

/// <summary>Mean values of tensors over samples and positions, by channel (the last axes), as the float graph computes them.</summary>
internal sealed class ChannelMeans
{
    private readonly Dictionary<Tensor, double[]> sums = [];
    private readonly int samples;

    private ChannelMeans(int samples) => this.samples = samples;

    /// <summary>Runs the graph on samples.</summary>
    public static ChannelMeans Measure(Graph graph, IReadOnlyCollection<TensorData[]> samples, CancellationToken cancellation)
    {
        ChannelMeans means = new(samples.Count);
        Dictionary<Tensor, int> periods = [];
        foreach (Node node in graph.Nodes)
            if (node.Operator is Conv2D or DepthwiseConv2D or FullyConnected && node.Input(0).Type == ElementType.Float32)
                periods[node.Input(0)] = Period(node);
        if (periods.Count == 0)
            return means;
        GraphInterpreter interpreter = new(graph);
        foreach (TensorData[] sample in samples)
        {
            for (int i = 0; i < sample.Length; i++)
                Add(graph.Inputs[i], sample[i].Bytes.Span);
            interpreter.Watch(sample, Add, cancellation);
        }
        return means;

        void Add(Tensor tensor, ReadOnlySpan<byte> bytes)
        {
            if (!periods.TryGetValue(tensor, out int period))
                return;
            if (!means.sums.TryGetValue(tensor, out double[]? sum))
                means.sums[tensor] = sum = new double[period];
            ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(bytes);
            double share = (double)period / values.Length;
            for (int start = 0; start < values.Length; start += period)
            {
                ReadOnlySpan<float> row = values.Slice(start, Math.Min(period, values.Length - start));
                for (int i = 0; i < row.Length; i++)
                    sum[i] += row[i] * share;
            }
        }
    }

    /// <summary>What errors of an operator's weights add to its results on average, by unit; null where that is not known.</summary>
    public Func<float[], double[]>? Shift(Node node)
    {
        if (samples == 0 || node.Operator is not (Conv2D or DepthwiseConv2D or FullyConnected) || !sums.TryGetValue(node.Input(0), out double[]? sum))
            return null;
        Shape weights = node.Input(1).Shape;
        int units = weights[node.Operator is DepthwiseConv2D ? 3 : 0], perGroup = weights[-1];
        int period = Period(node);
        if (sum.Length != period)
            return null;
        return errors =>
        {
            var shift = new double[units];
            for (int i = 0; i < errors.Length; i++)
            {
                (int unit, int channel) = node.Operator switch
                {
                    DepthwiseConv2D => (i % units, i % units / (units / period)),
                    Conv2D => (i / (errors.Length / units), (i / (errors.Length / units) / (units / (period / perGroup)) * perGroup) + (i % perGroup)),
                    _ => (i / perGroup, i % perGroup),
                };
                shift[unit] += errors[i] * sum[channel] / samples;
            }
            return shift;
        };
    }

    private static int Period(Node node) => node.Operator is FullyConnected ? node.Input(1).Shape[1] : node.Input(0).Shape[-1];
}
