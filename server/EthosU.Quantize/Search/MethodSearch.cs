using System.Collections.Concurrent;
using EthosU.Graphs;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Search;

/// <summary>
/// Chooses the range of a tensor by what it does to the outputs, not to the tensor: values that are rare and large add little to a
/// tensor's own squared error where they are clipped, and may be what later layers look for. Each tensor by itself is quantized in a
/// network of real numbers.
/// </summary>
internal static class MethodSearch
{
    private const int MostSamples = 8, LeastSamples = 2;
    private const double NormalWork = 1.2e10, BestWork = 1e12; // multiplications in all runs
    private const double Runs = 1.3; // of a candidate: few are looked at with other methods
    private const double Worthwhile = 1.02; // times as coarse: else the methods are one
    private const double LeastShare = 0.003; // of all noise
    private const double Better = 0.9; // times the noise

    private static readonly RangeMethod[] Others = [RangeMethod.MinMax, RangeMethod.Percentile];

    /// <summary>The ranges with the methods that do the least harm.</summary>
    /// <param name="lowered">The graph as it is to be quantized.</param>
    /// <param name="ranges">Ranges by <see cref="RangeMethod.Mse"/>; others were wished for and stay.</param>
    /// <param name="options">Choices of the quantization.</param>
    /// <param name="cancellation">Stops between operators.</param>
    public static RangeTable Apply(LoweredGraph lowered, RangeTable ranges, QuantizeOptions options, CancellationToken cancellation)
    {
        if (ranges.IsChosen || ranges.Method != RangeMethod.Mse || ranges.Samples.IsEmpty || options.Effort == Effort.Fast
            || options.Precision != Precision.Int8)
            return ranges;
        Graph graph = lowered.Graph;
        QuantizationPlan plan = QuantizationPlan.Make(lowered, ranges, options);
        QuantizationPlan[] others = [.. Others.Select(method => QuantizationPlan.Make(lowered, ranges.WithMethod(method), options))];
        Tensor[] candidates = [.. Measured(graph).Where(tensor => plan.StoredType(tensor) == ElementType.Int8
            && ranges.CanChoose(tensor) && others.Any(other => IsWider(plan, other, tensor)))];
        int count = SampleCount(graph, candidates.Length, options.Effort);
        if (candidates.Length == 0 || count < LeastSamples)
            return ranges;
        OutputEffects effects = new(graph, [.. ranges.SomeSamples(count)], cancellation);
        ConcurrentDictionary<Tensor, double> noise = [];
        ForEach(candidates, tensor => noise[tensor] = effects.Of(tensor, plan.Parameters(tensor, ElementType.Int8), cancellation));
        double least = candidates.Sum(tensor => double.IsFinite(noise[tensor]) ? noise[tensor] : 0) * LeastShare;
        ConcurrentDictionary<Tensor, RangeMethod> chosen = [];
        ForEach(candidates.Where(tensor => noise[tensor] > least), tensor =>
        {
            double best = noise[tensor] * Better;
            for (int i = 0; i < others.Length; i++)
            {
                if (!IsWider(plan, others[i], tensor)
                    || effects.Of(tensor, others[i].Parameters(tensor, ElementType.Int8), cancellation) is var its && its >= best)
                    continue;
                (best, chosen[tensor]) = (its, Others[i]);
            }
        });
        foreach ((Tensor tensor, RangeMethod method) in chosen)
            ranges = ranges.WithMethod(tensor.Name, method);
        return ranges.AsChosen();

        void ForEach(IEnumerable<Tensor> tensors, Action<Tensor> look)
        {
            foreach (Tensor[] some in tensors.Chunk(effects.RunsAtOnce))
                ParallelLoop.ForEach(some, look, cancellation);
        }
    }

    private static IEnumerable<Tensor> Measured(Graph graph) =>
        graph.Inputs.Concat(graph.Nodes.SelectMany(static node => node.Outputs)).Where(static tensor => tensor.Type == ElementType.Float32);

    /// <summary>
    /// True if another method gives a wider range. That a narrower one does no harm on a few samples says little of others.
    /// </summary>
    private static bool IsWider(QuantizationPlan plan, QuantizationPlan other, Tensor tensor) =>
        other.Parameters(tensor, ElementType.Int8).Scale > Worthwhile * plan.Parameters(tensor, ElementType.Int8).Scale;

    /// <summary>How many samples the effort allows, by the work of a run; none where that is too much.</summary>
    private static int SampleCount(Graph graph, int candidates, Effort effort)
    {
        double run = graph.Nodes.Sum(Work);
        return (int)Math.Min(MostSamples, (effort == Effort.Best ? BestWork : NormalWork) / Math.Max(1, run * candidates * Runs));
    }

    /// <summary>About how many multiplications a node takes.</summary>
    public static double Work(Node node) => node.Outputs.IsEmpty ? 0 : node.Output.Shape.ElementCount * (double)(node.Operator switch
    {
        Conv2D or FullyConnected when node.TryInput(1) is { } weights => weights.Shape.ElementCount / Math.Max(1, weights.Shape[0]),
        DepthwiseConv2D when node.TryInput(1) is { } weights => weights.Shape[1] * weights.Shape[2],
        TransposeConv when node.TryInput(1) is { } weights => weights.Shape.ElementCount / Math.Max(1, weights.Shape[0]),
        BatchMatMul => node.Input(0).Shape[-1],
        _ => 4, // not multiplied, but read and written
    });
}
