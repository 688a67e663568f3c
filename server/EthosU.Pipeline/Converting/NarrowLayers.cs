using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using EthosU.Quantize;
using EthosU.Quantize.Ranges;

namespace EthosU.Pipeline.Converting;

/// <summary>Layers that an NPU runs in 8 bits but not in 16.</summary>
internal static class NarrowLayers
{
    /// <summary>Them, by the names of their results; none without an NPU, and in models that are not of 8 bits.</summary>
    public static ImmutableHashSet<string> Find(Graph graph, RangeTable ranges, QuantizeOptions options, Target? target,
        CancellationToken cancellation)
    {
        if (target is null || options.Precision != Precision.Int8)
            return [];
        options = options with { Effort = Effort.Fast, CorrectBias = false, Equalize = false };
        QuantizeOptions wide =
            options with { Int16Layers = [.. graph.Nodes.SelectMany(static node => node.Outputs).Select(static output => output.Name)] };
        return OnProcessor(wide).Except(OnProcessor(options));

        ImmutableHashSet<string> OnProcessor(QuantizeOptions chosen)
        {
            SupportReport support = SupportChecker.Check(Quantizer.Quantize(graph, ranges, chosen, cancellation).Graph, target);
            return [.. support.Placements.Where(static pair => pair.Value == Placement.Cpu).SelectMany(static pair => pair.Key.Outputs)
                .Select(static output => output.Name)];
        }
    }
}
