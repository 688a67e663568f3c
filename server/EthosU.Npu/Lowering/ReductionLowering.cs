using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>MEAN and SUM (npu-operators 2.10 and 2.27).</summary>
internal static class ReductionLowering
{
    /// <summary>Most elements in the window of one summing operation, and most rows.</summary>
    private const int MaxWindow = 4096, MaxWindowRows = 64;

    /// <summary>Where channels become rows of fewer: from so many on, for no more results than these.</summary>
    private const int FoldFrom = 128, FoldPositions = 8;

    private static readonly int[] FoldedChannels = [64, 32, 16, 48, 24, 8];

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
        (x, y, reduced) = Fold(x, y, reduced);
        if (Sum(context, node, x, reduced, from.ZeroPoint, new(y, scale, to.ZeroPoint, range)) is { } sum)
            IntegerScaling.Emit(context, node, sum, y, scale, to.ZeroPoint, range);
    }

    /// <summary>
    /// Reduced elements that lie beside each other as rows of some channels: windows add up an element of each channel at once, where
    /// one channel or a sum over channels takes one after the other.
    /// </summary>
    private static (View X, View Y, bool[] Reduced) Fold(View x, View y, bool[] reduced)
    {
        int first = x.Rank;
        long count = 1, kept = 1;
        while (first > 0 && (x.Sizes[first - 1] == 1 || (reduced[first - 1] && x.Strides[first - 1] == count * x.ElementBytes)))
            count *= x.Sizes[--first];
        for (int axis = 0; axis < first; axis++)
            kept *= reduced[axis] ? 1 : x.Sizes[axis];
        int width = FoldedChannels.FirstOrDefault(size => count % size == 0);
        if (count < FoldFrom || width == 0 || (x.Sizes[^1] > 1 && kept > FoldPositions))
            return (x, y, reduced);
        int outer = first;
        while (y.Rank > outer)
            y = y.Select(outer, 0);
        x = x with
        {
            Sizes = [.. x.Sizes.Take(outer), (int)(count / width), width],
            Strides = [.. x.Strides.Take(outer), (long)width * x.ElementBytes, x.ElementBytes],
        };
        return (x, y.Insert(outer).Insert(outer), [.. reduced.Take(outer), true, true]);
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

    /// <summary>All positions along some axes of a view, in order.</summary>
    internal static IEnumerable<int[]> Positions(View view, int[] axes)
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

    /// <summary>What is to become of a sum.</summary>
    private sealed record SumEnd(View Result, FixedPointScale Scale, int ZeroPoint, ActivationRange Range);

    /// <summary>By axis of the input: true if it is reduced.</summary>
    internal static bool[] Axes(Node node)
    {
        Shape shape = node.Input(0).Shape;
        var reduced = new bool[shape.Rank];
        foreach (int axis in node.Constant(1).ToInt32Array())
            reduced[shape.NormalizeAxis(axis)] = true;
        return reduced;
    }

    /// <summary>The result with the reduced axes as 1.</summary>
    internal static View KeepDims(LoweringContext context, Node node, bool[] reduced)
    {
        Shape shape = node.Input(0).Shape;
        int[] sizes = [.. shape.Sizes.Select((size, axis) => reduced[axis] ? 1 : size)];
        return context[node.Output].WithUnits(sizes);
    }
}
