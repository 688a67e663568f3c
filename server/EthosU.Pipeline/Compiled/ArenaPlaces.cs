using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;

namespace EthosU.Pipeline.Compiled;

/// <summary>Where the memory plan of a compiled file puts tensors.</summary>
internal static class ArenaPlaces
{
    /// <summary>The bytes in the arena of each tensor that the plan places; empty without a plan.</summary>
    /// <exception cref="ModelFormatException">The plan is damaged.</exception>
    public static IReadOnlyDictionary<Tensor, StreamRange> Of(Graph graph, string fileName)
    {
        Dictionary<Tensor, StreamRange> places = [];
        if (OfflineMemoryPlan.Of(graph, fileName) is not { } plan)
            return places;
        Tensor[] order = graph.TensorOrder.IsDefaultOrEmpty ? [.. graph.Tensors] : [.. graph.TensorOrder];
        for (int i = 0; i < Math.Min(order.Length, plan.Offsets.Length); i++)
            if (plan.Offsets[i] >= 0 && !order[i].IsConstant && order[i].Type.HasFixedSize())
                places[order[i]] = new(plan.Offsets[i], order[i].Type.ByteCount(order[i].Shape.ElementCount));
        return places;
    }
}
