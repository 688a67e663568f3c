using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>Cross-layer equalisation.</summary>
internal static class WeightEqualizer
{
    public static (Graph Graph, RangeTable Ranges) Apply(Graph graph, RangeTable ranges, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return (graph, ranges);
    }
}
