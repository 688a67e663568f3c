using System.Collections.Concurrent;
using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Accuracy;

/// <summary>
/// Finds the layers whose 8-bit rounding adds most to the error of the outputs: each by itself computes in 8 bits while all others compute
/// in 16. What a layer does to its own result (<see cref="TensorProbe"/>) says little about that, for later layers weaken some errors and
/// strengthen others.
/// </summary>
internal static class WideLayers
{
    private const int Samples = 8;

    /// <summary>Layers that may compute in 16 bits, by the names of their results, the one that adds most first.</summary>
    /// <param name="graph">The float graph.</param>
    /// <param name="ranges">The values its tensors take.</param>
    /// <param name="options">The quantization; layers that are in 16 bits by it are not looked at.</param>
    /// <param name="narrow">Layers that stay in 8 bits.</param>
    /// <param name="noise">Measures outputs.</param>
    /// <param name="progress">Told the share of the work that is done.</param>
    /// <param name="cancellation">Stops between layers.</param>
    public static ImmutableArray<string> Rank(Graph graph, RangeTable ranges, QuantizeOptions options, ImmutableHashSet<string> narrow,
        OutputNoise noise,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        options = options with { Effort = Effort.Fast, CorrectBias = false }; // slow, and nothing to 16 bits
        string[] candidates =
            [.. graph.Nodes.Where(
            node => CanWiden(node) && !OperatorTypes.IsInt16(node, options) && !node.Outputs.Any(output => narrow.Contains(output.Name)))
            .Select(node => node.Output.Name)];
        ImmutableHashSet<string> all = options.Int16Layers.Union(candidates);
        double least = Noise(all);
        ConcurrentDictionary<string, double> added = [];
        ParallelLoop.ForEach(candidates, name =>
        {
            added[name] = Noise(all.Remove(name)) - least;
            progress?.Report((double)added.Count / candidates.Length);
        }, cancellation);
        return [.. candidates.Where(name => added[name] > 0).OrderByDescending(name => added[name])];

        double Noise(ImmutableHashSet<string> wide) =>
            noise.Share(Quantizer.Quantize(graph, ranges, options with { Int16Layers = wide }, cancellation).Graph, Samples, cancellation);
    }

    private static bool CanWiden(Node node) => node.Operator is Unary { Kind: UnaryKind.HardSwish } // taken apart for 16 bits
        || OperatorRules.Find(node) is { HasInt16: true, Kind: RuleKind.Free or RuleKind.Fixed or RuleKind.Weighted };
}
