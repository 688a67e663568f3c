using EthosU.Graphs;

namespace EthosU.Interpreter.Geometry;

/// <summary>To which element of a reduction's result each element of its input counts.</summary>
internal static class ReductionMap
{
    /// <summary>For each element, the number of the result that it counts towards.</summary>
    public static int[] Buckets(Shape shape, int[] axes) => IndexMap.FromStrides(shape, Steps(shape, axes));

    /// <summary>How far the index of the result moves with each axis.</summary>
    public static long[] Steps(Shape shape, int[] axes)
    {
        HashSet<int> reduced = [.. axes.Select(shape.NormalizeAxis)];
        long stride = 1;
        var strides = new long[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (reduced.Contains(axis))
                continue;
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }
}
