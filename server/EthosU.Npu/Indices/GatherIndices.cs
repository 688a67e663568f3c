using EthosU.Graphs;

namespace EthosU.Npu.Indices;

/// <summary>GATHER and GATHER_ND as picks along one axis of [outer, size, inner].</summary>
internal static class GatherIndices
{
    /// <summary>Sizes before, along and behind the axis that is picked from; null if the node has batches or contradicts itself.</summary>
    public static (int Outer, int Size, int Inner)? Axes(Node node)
    {
        Shape shape = node.Input(0).Shape, indices = node.Input(1).Shape;
        if (node.Operator is Gather gather)
        {
            int axis = gather.Axis < 0 ? gather.Axis + shape.Rank : gather.Axis;
            bool hasBatches = (gather.BatchDims < 0 ? gather.BatchDims + indices.Rank : gather.BatchDims) != 0;
            return hasBatches || axis < 0 || axis >= shape.Rank ? null : (Product(shape, 0, axis), shape[axis], Product(shape, axis + 1));
        }
        int picked = indices.Rank == 0 ? 0 : indices[-1];
        return picked < 1 || picked > shape.Rank ? null : (1, Product(shape, 0, picked), Product(shape, picked));
    }

    /// <summary>What is picked, in order; null if that is computed at run time or lies outside.</summary>
    public static int[]? Of(Node node)
    {
        if (Axes(node) is not { } axes || ConstantIntegers.Of(node, 1) is not { } stored)
            return null;
        Shape shape = node.Input(0).Shape;
        int[] sizes = node.Operator is Gather ? [axes.Size] : [.. shape.Take(node.Input(1).Shape[-1])];
        var picks = new int[stored.Length / sizes.Length];
        for (int i = 0; i < picks.Length; i++)
            for (int axis = 0; axis < sizes.Length; axis++)
            {
                long index = stored[(i * sizes.Length) + axis];
                index = index < 0 ? index + sizes[axis] : index;
                if (index < 0 || index >= sizes[axis])
                    return null;
                picks[i] = (picks[i] * sizes[axis]) + (int)index;
            }
        return picks;
    }

    private static int Product(Shape shape, int first, int? end = null)
    {
        long product = 1;
        for (int axis = first; axis < (end ?? shape.Rank); axis++)
            product = Math.Min(int.MaxValue, product * shape[axis]);
        return (int)product;
    }
}
