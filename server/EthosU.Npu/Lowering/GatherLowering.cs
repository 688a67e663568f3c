using EthosU.Graphs;
using EthosU.Npu.Indices;
using EthosU.Npu.Lowering.Views;

namespace EthosU.Npu.Lowering;

/// <summary>GATHER and GATHER_ND of constant indices (npu-operators 2.29).</summary>
internal static class GatherLowering
{
    /// <summary>Copies of the indices that go in equal steps.</summary>
    public static void Lower(LoweringContext context, Node node)
    {
        Tensor data = node.Input(0);
        (int outer, int size, int inner) = GatherIndices.Axes(node)!.Value;
        int[] indices = GatherIndices.Of(node)!;
        View from = context.Reshape(node, context[data], outer, size, inner), to = context[node.Output];
        View? direct = to.TryReshape([outer, indices.Length, inner]);
        View target = direct ?? context.Temporary(node, "gathered", data.Type, outer, indices.Length, inner);
        if (inner == 1)
            ChannelSelection.Emit(context, node, from.TryReshape([outer, size])!, target.TryReshape([outer, indices.Length])!, indices);
        else
            foreach (IndexRun run in IndexRun.Of(indices))
            {
                (View part, View place) = run.Of(from, 1, target);
                context.Copy(node, part, place);
            }
        if (direct is null)
            context.Copy(node, target.TryReshape(to.Sizes.AsSpan())!, to);
    }
}
