using System.Collections.Concurrent;
using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Quantize.Accuracy;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Search;

/// <summary>
/// Chooses the layers of an 8-bit model that compute with 16-bit activations, by what they gain for the outputs and what they cost.
/// A value is free of the noise of 8 bits where the layers that compute it and those that read it have 16: such sets of layers are
/// taken one after the other, the one with the most noise for its price first. How many of them is decided on the network as a whole:
/// its cycles as the target counts them, and its outputs.
/// </summary>
public static class MixedPrecision
{
    private const int EffectSamples = 2, MostSamples = 8;
    private const int MostClasses = 1024; // of a 16-bit SOFTMAX, whose exponentials do not fall below e^−10
    private const double LeastShare = 0.002; // of all noise: what is left adds up to little
    private const double LeastGain = 0.5; // dB: 16 bits cost time

    /// <summary>Chooses.</summary>
    /// <param name="graph">The graph in real numbers, after all fusions.</param>
    /// <param name="ranges">The values its tensors take; the samples kept in it are what the search measures on.</param>
    /// <param name="options">Choices of the quantization.</param>
    /// <param name="goal">How far to go.</param>
    /// <param name="narrow">Layers, by the names of their results, that stay in 8 bits.</param>
    /// <param name="cycles">What a quantized graph costs.</param>
    /// <param name="progress">Told the share of the work that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops between operators.</param>
    /// <returns>Null where nothing can be learnt from the data, or the model is not one of 8 bits.</returns>
    /// <exception cref="UnsupportedModelException">The range of a tensor is not known.</exception>
    public static MixedResult? Choose(Graph graph, RangeTable ranges, QuantizeOptions options, MixedGoal goal,
        ImmutableHashSet<string> narrow, Func<Graph, double> cycles, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        if (options.Precision != Precision.Int8 || ranges.Samples.IsEmpty || ranges.IsRandom)
            return null;
        ranges = Quantizer.ChooseMethods(graph, ranges, options, cancellation); // once for all that is tried
        QuantizeOptions quick = options with { Effort = options.Effort == Effort.Best ? Effort.Normal : options.Effort };
        OutputNoise noise = new(graph, ranges.SomeSamples(MostSamples), cancellation);
        string[][] order = [.. Order(graph, ranges, options, narrow, progress, cancellation)];
        (int Count, Graph? Graph) made = (-1, null); // one at a time: each has all weights
        Dictionary<int, double> costs = [], ratios = [];
        (double before, double cyclesBefore) = (Sqnr(0), Cycles(0));
        int most = goal.MaxSlowdown is { } share
            ? Last(order.Length, count => Cycles(count) <= cyclesBefore * (1 + share)) : order.Length;
        if (goal.TargetSqnr is { } wanted)
            most = Math.Min(most, before >= wanted ? 0 : Last(most, count => Sqnr(count) < wanted) + 1);
        most = Math.Min(most, order.Length);
        double after = Sqnr(most);
        if (after < before + LeastGain)
            (most, after) = (0, before);
        progress?.Report(1);
        return new(Layers(most), before, after, cyclesBefore, Cycles(most));

        ImmutableArray<string> Layers(int count) => [.. order.Take(count).SelectMany(static layers => layers)];

        double Cycles(int count) => costs.TryGetValue(count, out double known) ? known : costs[count] = cycles(Made(count));

        double Sqnr(int count) => ratios.TryGetValue(count, out double known) ? known
            : ratios[count] = noise.Measure(Made(count), cancellation).All;

        Graph Made(int count)
        {
            if (made.Count != count)
                made = (count, Quantizer.Quantize(graph, ranges,
                    quick with { Int16Layers = options.Int16Layers.Union(Layers(count)) }, cancellation).Graph);
            return made.Graph!;
        }
    }

    /// <summary>The last number of 0 to a limit for which something holds, as long as it holds for all before; 0 at the least.</summary>
    private static int Last(int limit, Func<int, bool> holds)
    {
        int low = 0, high = limit;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (holds(middle))
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    /// <summary>Sets of layers to widen one after the other.</summary>
    private static IEnumerable<string[]> Order(Graph graph, RangeTable ranges, QuantizeOptions options, ImmutableHashSet<string> narrow,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        Dictionary<Tensor, double> noise = Noise(graph, ranges, options, progress, cancellation);
        HashSet<Node> able = [.. graph.Nodes.Where(node => !node.Outputs.IsEmpty
            && !(node.Operator is Softmax && node.Output.Shape[-1] > MostClasses) && !narrow.Contains(node.Output.Name)
            && (OperatorRules.Find(node) is { HasInt16: true, Kind: not RuleKind.Float and not RuleKind.Untouched }
            || node.Operator is Unary { Kind: UnaryKind.HardSwish } or PRelu))];
        HashSet<Node> wide = [.. graph.Nodes.Where(node => OperatorTypes.IsInt16(node, options))];
        Dictionary<Tensor, Node[]> open = noise.Where(pair => pair.Value > noise.Values.Sum() * LeastShare)
            .Select(pair => (pair.Key, Around: Around(graph, pair.Key)))
            .Where(pair => pair.Around.All(node => able.Contains(node) || wide.Contains(node)))
            .ToDictionary(static pair => pair.Key, static pair => pair.Around);
        while (open.Count > 0)
        {
            Tensor next = open.OrderByDescending(pair => noise[pair.Key]
                / Math.Max(1, pair.Value.Where(node => !wide.Contains(node)).Sum(Price))).ThenBy(static pair => pair.Key.Name,
                StringComparer.Ordinal).First().Key;
            Node[] added = [.. open[next].Where(node => !wide.Contains(node))];
            open.Remove(next);
            if (added.Length == 0)
                continue; // came with others
            wide.UnionWith(added);
            yield return [.. added.Select(static node => node.Output.Name)];
        }
    }

    /// <summary>What computes a value, and what reads it.</summary>
    private static Node[] Around(Graph graph, Tensor tensor) =>
        [.. graph.Producer(tensor) is { } producer ? new[] { producer } : [], .. graph.Consumers(tensor)];

    /// <summary>The noise that each value's 8 bits add to the outputs.</summary>
    private static Dictionary<Tensor, double> Noise(Graph graph, RangeTable ranges, QuantizeOptions options, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        Dictionary<string, Tensor> stored = Quantizer.Quantize(graph, ranges, options with { Effort = options.Effort == Effort.Fast
            ? Effort.Fast : Effort.Normal }, cancellation).Graph.Tensors
            .Where(static tensor => tensor is { Type: ElementType.Int8, IsConstant: false, Quantization.IsPerAxis: false })
            .ToDictionary(static tensor => tensor.Name);
        Tensor[] values = [.. graph.Nodes.SelectMany(static node => node.Outputs)
            .Where(tensor => tensor.Type == ElementType.Float32 && stored.ContainsKey(tensor.Name) && !graph.IsOutput(tensor))];
        OutputEffects effects = new(graph, [.. ranges.SomeSamples(EffectSamples)], cancellation);
        ConcurrentDictionary<Tensor, double> found = [];
        foreach (Tensor[] some in values.Chunk(effects.RunsAtOnce))
        {
            ParallelLoop.ForEach(some, tensor => found[tensor] = effects.Of(tensor, stored[tensor.Name].Quantization!, cancellation),
                cancellation);
            progress?.Report(0.8 * found.Count / values.Length);
        }
        return values.Where(tensor => double.IsFinite(found[tensor])).ToDictionary(static tensor => tensor, tensor => found[tensor]);
    }

    /// <summary>About how much longer a layer takes: 16-bit multiplications take twice the time, and other layers about it.</summary>
    private static double Price(Node node) => MethodSearch.Work(node) * (node.Operator is Unary { Kind: UnaryKind.HardSwish } ? 12
        : node.Operator is Conv2D or DepthwiseConv2D or FullyConnected or TransposeConv or BatchMatMul ? 1 : 4);
}
