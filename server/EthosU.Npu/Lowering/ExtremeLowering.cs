using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>REDUCE_MAX, REDUCE_MIN and ARG_MAX (npu-operators 2.17 and 2.27).</summary>
internal static class ExtremeLowering
{
    /// <summary>REDUCE_MAX and REDUCE_MIN; the minimum is −1 − max(−1 − x).</summary>
    public static void LowerReduction(LoweringContext context, Node node, bool minimum)
    {
        Tensor input = node.Input(0);
        bool[] reduced = ReductionLowering.Axes(node);
        View x = context[input], y = ReductionLowering.KeepDims(context, node, reduced);
        int mirror = input.Type == ElementType.UInt8 ? 255 : -1;
        ActivationRange range = ActivationRange.Of(input.Type);
        BinaryTemplate flip = new(ElementwiseMode.Sub, node) { OfmScale = FixedPointScale.One, ClampMin = range.Min, ClampMax = range.Max };
        View result = y;
        if (minimum)
        {
            View flipped = context.Temporary(node, "flipped", x.Type, [.. x.Sizes]);
            context.Binary(flip, x, mirror, scalarFirst: true, flipped);
            x = flipped;
            result = context.Temporary(node, "largest", x.Type, [.. y.Sizes]);
        }
        Max(context, node, x, result, reduced, range);
        if (minimum)
            context.Binary(flip, result, mirror, scalarFirst: true, y);
    }

    /// <summary>
    /// ARG_MAX over the channels: 128 times the value plus the distance from the end, of which the largest is found; its low bits are the
    /// index.
    /// </summary>
    public static void LowerArgMax(LoweringContext context, Node node)
    {
        Tensor input = node.Input(0);
        int depth = input.Shape[-1];
        View x = context.WithChannels(node, context[input]);
        View marked = context.Temporary(node, "marked", ElementType.Int16, [.. x.Sizes]);
        var filter = new short[depth];
        Array.Fill(filter, (short)128);
        var scales = new FixedPointScale[depth];
        Array.Fill(scales, FixedPointScale.One);
        NpuWeights weights = new(filter, depth, 1, 1, 1, [.. Enumerable.Range(0, depth).Select(c => (long)(depth - 1 - c))], scales);
        foreach (FeatureMap[] maps in Pointwise.Split(x, marked))
            context.Emit(new(NpuOpKind.Depthwise, maps[0], maps[1]) { Node = node, Weights = weights });

        int rows = (int)(x.ElementCount / depth);
        View largest = context.Temporary(node, "largest", ElementType.Int16, rows, 1, 1);
        MaxOverChannels(context, node, marked.TryReshape([rows, depth])!, largest, ActivationRange.Of(ElementType.Int16));
        short[] slopes = new short[512], bases = new short[512];
        Array.Fill(slopes, (short)-128);
        Array.Fill(bases, unchecked((short)(depth - 1)));
        View index = context.Temporary(node, "index", ElementType.Int16, rows, 1, 1);
        ActivationLowering.EmitTable(context, node, largest, index, LookupTable.Of16(bases, slopes));

        View y = context[node.Output].TryReshape([rows, 1, 1])!;
        View wide = y.Type == ElementType.Int32 ? y : context.Temporary(node, "index32", ElementType.Int32, rows, 1, 1);
        CastTo32(context, node, index, wide);
        if (y.Type == ElementType.Int32)
            return;
        // The two halves of each number become the two halves of a 64-bit one; the upper half is zero.
        View halves = (wide.AsPieces(ElementType.Int16) with { }).TryReshape([rows, 1, 2])!;
        CastTo32(context, node, halves, y.AsPieces(ElementType.Int32).TryReshape([rows, 1, 2])!);
    }

    private static void CastTo32(LoweringContext context, Node node, View from, View to)
    {
        NpuWeights ones = NpuWeights.Uniform(1, from.Sizes[^1], 1, 1, 1, FixedPointScale.One);
        foreach (FeatureMap[] maps in Pointwise.Split(from, to))
            context.Emit(new(NpuOpKind.Depthwise, maps[0], maps[1]) { Node = node, Weights = ones });
    }

    private static void Max(LoweringContext context, Node node, View x, View y, bool[] reduced, ActivationRange range)
    {
        x = context.WithChannels(node, x);
        int last = x.Rank - 1;
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(axis => reduced[axis] && x.Sizes[axis] > 1)];
        if (axes.Length == 0)
        {
            context.Copy(node, x, y);
            return;
        }
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i];
            View target = i == axes.Length - 1 ? y : context.Temporary(node, "max", x.Type, [.. x.Sizes.SetItem(axis, 1)]);
            if (axis == last)
            {
                View rows = context.Reshape(node, x, (int)(x.ElementCount / x.Sizes[last]), x.Sizes[last]);
                MaxOverChannels(context, node, rows, target.TryReshape([rows.Sizes[0], 1, 1])!, range);
            }
            else
            {
                // [before, axis, after]: what follows the axis are channels and columns.
                int[] others = [.. Enumerable.Range(0, last).Where(a => a != axis)];
                foreach (int[] position in ReductionLowering.Positions(x, [.. others.SkipLast(1)]))
                {
                    View from = x, to = target;
                    for (int o = 0; o < others.Length - 1; o++)
                        (from, to) = (from.Slice(others[o], position[o], 1), to.Slice(others[o], position[o], 1));
                    int[] order = [.. others, axis, last];
                    (from, to) = (from.Permute(order).WithRank(3), to.Permute(order).WithRank(3));
                    EmitMax(context, node, from.ToFeatureMap(), to.ToFeatureMap(), range);
                }
            }
            x = target;
        }
    }

    /// <summary>Rows [n, c] to their largest elements [n, 1, 1].</summary>
    private static void MaxOverChannels(LoweringContext context, Node node, View rows, View largest, ActivationRange range)
    {
        int height = Math.Max(1, Pointwise.MaxAxis);
        View columns = rows.Insert(2);
        for (int start = 0; start < rows.Sizes[0]; start += height)
        {
            int count = Math.Min(height, rows.Sizes[0] - start);
            EmitMax(context, node, columns.Slice(0, start, count).ToFeatureMap(), largest.Slice(0, start, count).ToFeatureMap(), range);
        }
    }

    private static void EmitMax(LoweringContext context, Node node, FeatureMap ifm, FeatureMap ofm, ActivationRange range) =>
        context.Emit(new(NpuOpKind.MaxPool, ifm,
        ofm) { Node = node, Kernel = new(1, ifm.Width), ClampMin = range.Min, ClampMax = range.Max });
}
