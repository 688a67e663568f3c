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
        GraphInterpreter? interpreter = new(graph);
        foreach (TensorData[][] group in samples.Chunk(interpreter.RunsAtOnce))
        {
            var found = new Dictionary<Tensor, double[]>[group.Length];
            ParallelLoop.For(group.Length, i => found[i] = SumsOf(group[i]), cancellation);
            // In the samples' order, which sums depend on.
            foreach ((Tensor tensor, double[] sum) in found.SelectMany(static sums => sums))
            {
                double[] total = means.sums.TryGetValue(tensor, out double[]? known) ? known : means.sums[tensor] = new double[sum.Length];
                for (int i = 0; i < sum.Length; i++)
                    total[i] += sum[i];
            }
        }
        interpreter = null; // what ran on other threads may keep this method's variables for long
        return means;

        Dictionary<Tensor, double[]> SumsOf(TensorData[] sample)
        {
            Dictionary<Tensor, double[]> sums = [];
            for (int i = 0; i < sample.Length; i++)
                Add(graph.Inputs[i], sample[i].Bytes.Span);
            interpreter!.Watch(sample, Add, cancellation);
            return sums;

            void Add(Tensor tensor, ReadOnlySpan<byte> bytes)
            {
                if (!periods.TryGetValue(tensor, out int period))
                    return;
                if (!sums.TryGetValue(tensor, out double[]? sum))
                    sums.Add(tensor, sum = new double[period]);
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
    }

    /// <summary>What errors of an operator's weights add to its results on average, by unit; null where that is not known.</summary>
    public Func<float[], double[]>? Shift(Node node)
    {
        if (samples == 0 || node.Operator is not (Conv2D or DepthwiseConv2D or FullyConnected)
            || !sums.TryGetValue(node.Input(0), out double[]? sum))
            return null;
        Shape weights = node.Input(1).Shape;
        int units = weights[node.Operator is DepthwiseConv2D ? 3 : 0], perGroup = weights[-1];
        int period = Period(node);
        if (sum.Length != period)
            return null;
        return errors =>
        {
            var shift = new double[units];
            if (node.Operator is DepthwiseConv2D)
            {
                for (int start = 0; start < errors.Length; start += units)
                    for (int unit = 0; unit < units; unit++)
                        shift[unit] += errors[start + unit] * sum[unit / (units / period)] / samples;
                return shift;
            }
            int perUnit = errors.Length / units, unitsPerGroup = units / (period / perGroup);
            for (int unit = 0; unit < units; unit++)
            {
                // All of them, where there are no groups.
                ReadOnlySpan<double> means = sum.AsSpan(unit / unitsPerGroup * perGroup, perGroup);
                for (int start = unit * perUnit, end = start + perUnit; start < end; start += perGroup)
                    for (int i = 0; i < perGroup; i++)
                        shift[unit] += errors[start + i] * means[i] / samples;
            }
            return shift;
        };
    }

    private static int Period(Node node) => node.Operator is FullyConnected ? node.Input(1).Shape[1] : node.Input(0).Shape[-1];
}
