using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>MEAN, SUM, REDUCE_MAX, REDUCE_MIN, ARG_MAX (npu-operators 2.10, 2.17 and 2.27).</summary>
internal static class ReductionLowering
{
    /// <summary>Most elements in the window of one summing operation, and most rows.</summary>
    private const int MaxWindow = 4096, MaxWindowRows = 64;

    /// <summary>MEAN and SUM: a 32-bit sum, then one scaling.</summary>
    public static void LowerSum(LoweringContext context, Node node, bool mean)
    {
        Tensor input = node.Input(0), output = node.Output;
        Quantization from = input.Quantization!, to = output.Quantization!;
        bool[] reduced = Axes(node);
        long count = 1;
        for (int axis = 0; axis < reduced.Length; axis++)
            count *= reduced[axis] ? input.Shape[axis] : 1;
        double ratio = (double)from.Scale / to.Scale;
        FixedPointScale scale = mean && count > 1
            ? FixedPointScale.From(Multiplier.From(ratio).OverCount(count))
            : FixedPointScale.From(ratio);
        View x = context[input], y = KeepDims(context, node, reduced);
        ActivationRange range = ActivationRange.Of(output.Type);
        if (count == 1)
        {
            RescaleLowering.Emit(context, node, x, from.ZeroPoint, y, to.ZeroPoint, scale, range);
            return;
        }
        if (Sum(context, node, x, reduced, from.ZeroPoint, new(y, scale, to.ZeroPoint, range)) is { } sum)
            IntegerScaling.Emit(context, node, sum, y, scale, to.ZeroPoint, range);
    }

    /// <summary>REDUCE_MAX and REDUCE_MIN; the minimum is −1 − max(−1 − x).</summary>
    public static void LowerExtreme(LoweringContext context, Node node, bool minimum)
    {
        Tensor input = node.Input(0);
        bool[] reduced = Axes(node);
        View x = context[input], y = KeepDims(context, node, reduced);
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

    /// <summary>
    /// Sums of elements minus their zero point, with the reduced axes kept as 1: scaled and written to the end if the last operation can do
    /// that, otherwise as 32-bit elements.
    /// </summary>
    /// <returns>The 32-bit sums; null if the result is written.</returns>
    private static View? Sum(LoweringContext context, Node node, View x, bool[] reduced, int zeroPoint, SumEnd end)
    {
        x = context.WithChannels(node, x);
        int last = x.Rank - 1;
        bool channels = reduced[last] && x.Sizes[last] > 1;
        List<int> axes = [.. Enumerable.Range(0, last).Where(axis => reduced[axis] && x.Sizes[axis] > 1).Reverse()];
        View sum = x;
        int zero = zeroPoint;
        if (axes.Count > 0)
        {
            // The innermost axes, two if they are neighbours, are the window of a depthwise convolution of ones; further ones are added up.
            int second = axes.Count > 1 && axes[1] == axes[0] - 1 ? axes[1] : -1;
            int[] rest = [.. axes.Skip(second >= 0 ? 2 : 1)];
            if (SumWindow(context, node, x, axes[0], second, zeroPoint, rest.Length == 0 && !channels ? end : null) is not { } windows)
                return null;
            sum = windows;
            zero = 0;
            foreach (int axis in rest)
                sum = AddAlong(context, node, sum, axis);
        }
        if (!channels)
            return sum;
        foreach (FeatureMap[] maps in Pointwise.Split(sum.Select(last, 0).Insert(last), end.Result))
            context.Emit(new(NpuOpKind.ReduceSum, maps[0] with { Depth = sum.Sizes[last] }, maps[1])
            {
                Node = node,
                IfmZeroPoint = zero,
                OfmScale = end.Scale,
                OfmZeroPoint = end.ZeroPoint,
                ClampMin = end.Range.Min,
                ClampMax = end.Range.Max,
            });
        return null;
    }

    /// <summary>Sums along one axis, or two neighbouring ones, of 8- or 16-bit elements.</summary>
    /// <returns>The 32-bit sums; null if the result is written.</returns>
    private static View? SumWindow(LoweringContext context, Node node, View x, int axis, int second, int zeroPoint, SumEnd? end)
    {
        View kept = context.Temporary(node, "sum", ElementType.Int32,
            [.. x.Sizes.Select((size, a) => a == axis || a == second ? 1 : size)]);
        // [outer..., rows, columns, inner..., channels]: the axes between and after are parts of the result's rows.
        int width = x.Sizes[axis], height = second >= 0 ? x.Sizes[second] : 1;
        View source = x, target = kept;
        int rowAxis = second;
        if (second >= 0 && height > MaxWindowRows && (long)height * width <= MaxWindow && x.Strides[second] == x.Strides[axis] * width)
        {
            // One long row.
            source = source.Slice(second, 0, 1) with { Sizes = source.Slice(second, 0, 1).Sizes.SetItem(axis, height * width) };
            (width, height, rowAxis) = (height * width, 1, -1);
        }
        int columns = Math.Min(width, MaxWindow);
        int rows = Math.Min(Math.Min(MaxWindow / columns, height), MaxWindowRows);
        List<View> parts = [];
        NpuWeightsCache weights = new();
        if (end is not null && rows >= height && columns >= width)
        {
            EmitWindow(context, node, source, end.Result, axis, rowAxis, zeroPoint, weights, end);
            return null;
        }
        for (int row = 0; row < height; row += rows)
            for (int column = 0; column < width; column += columns)
            {
                int partRows = Math.Min(rows, height - row), partColumns = Math.Min(columns, width - column);
                View window = source.Slice(axis, column, partColumns);
                if (rowAxis >= 0)
                    window = window.Slice(rowAxis, row, partRows);
                bool only = rows >= height && columns >= width;
                View part = only ? target : context.Temporary(node, "part", ElementType.Int32, [.. kept.Sizes]);
                EmitWindow(context, node, window, part, axis, rowAxis, zeroPoint, weights, null);
                parts.Add(part);
            }
        AddUp(context, node, parts, kept);
        return kept;
    }

    /// <summary>A depthwise convolution of ones whose window covers all of one or two axes, for every position of the others.</summary>
    private static void EmitWindow(LoweringContext context, Node node, View window, View result, int axis, int rowAxis, int zeroPoint,
        NpuWeightsCache weights, SumEnd? end)
    {
        int last = window.Rank - 1;
        // The window's axes are the map's rows and columns if both are reduced; a single one leaves the other to the result.
        int[] others = [.. Enumerable.Range(0, last).Where(a => a != axis && a != rowAxis)];
        int height = rowAxis >= 0 ? window.Sizes[rowAxis] : 1, width = window.Sizes[axis];
        int free = rowAxis >= 0 || others.Length == 0 ? -1 : others.MaxBy(a => window.Sizes[a]);
        int[] stepped = [.. others.Where(a => a != free)];
        foreach (int[] position in Positions(window, stepped))
        {
            View w = window, r = result;
            for (int i = 0; i < stepped.Length; i++)
            {
                w = w.Slice(stepped[i], position[i], 1);
                r = r.Slice(stepped[i], position[i], 1);
            }
            int[] order = [.. stepped, rowAxis >= 0 ? rowAxis : free >= 0 ? free : axis, .. rowAxis >= 0 || free >= 0 ? new[] { axis }
                : [], last];
            if (rowAxis < 0 && free < 0)
                (w, r) = (w.Insert(0), r.Insert(0));
            else
                (w, r) = (w.Permute(order), r.Permute(order));
            FeatureMap ifm = w.ToFeatureMap(), ofm = r.ToFeatureMap();
            context.Emit(new(NpuOpKind.Depthwise, ifm, ofm)
            {
                Node = node,
                Kernel = new(height, width),
                IfmZeroPoint = zeroPoint,
                Weights = weights.Ones(ifm.Depth, height, width, end?.Scale ?? FixedPointScale.One),
                OfmZeroPoint = end?.ZeroPoint ?? 0,
                ClampMin = end?.Range.Min ?? short.MinValue,
                ClampMax = end?.Range.Max ?? short.MaxValue,
            });
        }
    }

    private static IEnumerable<int[]> Positions(View view, int[] axes)
    {
        var position = new int[axes.Length];
        while (true)
        {
            yield return [.. position];
            int i = axes.Length - 1;
            while (i >= 0 && ++position[i] == view.Sizes[axes[i]])
                position[i--] = 0;
            if (i < 0)
                yield break;
        }
    }

    /// <summary>32-bit sums along an axis, element by element.</summary>
    private static View AddAlong(LoweringContext context, Node node, View sum, int axis)
    {
        View total = context.Temporary(node, "sum", ElementType.Int32, [.. sum.Sizes.SetItem(axis, 1)]);
        AddUp(context, node, [.. Enumerable.Range(0, sum.Sizes[axis]).Select(i => sum.Slice(axis, i, 1))], total);
        return total;
    }

    private static void AddUp(LoweringContext context, Node node, List<View> parts, View total)
    {
        BinaryTemplate add = new(ElementwiseMode.Add, node) { OfmScale = FixedPointScale.One };
        View sum = parts[0];
        for (int i = 1; i < parts.Count; i++)
        {
            View next = i == parts.Count - 1 ? total : context.Temporary(node, "partial", ElementType.Int32, [.. total.Sizes]);
            context.Binary(add, sum, parts[i], next);
            sum = next;
        }
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
                foreach (int[] position in Positions(x, [.. others.SkipLast(1)]))
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

    /// <summary>What is to become of a sum.</summary>
    private sealed record SumEnd(View Result, FixedPointScale Scale, int ZeroPoint, ActivationRange Range);

    private static bool[] Axes(Node node)
    {
        Shape shape = node.Input(0).Shape;
        var reduced = new bool[shape.Rank];
        foreach (int axis in node.Constant(1).ToInt32Array())
            reduced[shape.NormalizeAxis(axis)] = true;
        return reduced;
    }

    /// <summary>The result with the reduced axes as 1.</summary>
    private static View KeepDims(LoweringContext context, Node node, bool[] reduced)
    {
        Shape shape = node.Input(0).Shape;
        int[] sizes = [.. shape.Sizes.Select((size, axis) => reduced[axis] ? 1 : size)];
        return context[node.Output].WithUnits(sizes);
    }
}
