using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Indices;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR (npu-operators 2.22 and 2.23).</summary>
internal static class ResizeLowering
{
    public static void Lower(LoweringContext context, Node node, Resize op)
    {
        View x = context.WithChannels(node, context[node.Input(0)]), y = context[node.Output];
        for (int n = 0; n < y.Sizes[0]; n++)
            LowerImage(context, node, op, x.Select(0, n), y.Select(0, n));
    }

    private static void LowerImage(LoweringContext context, Node node, Resize op, View x, View y)
    {
        int height = x.Sizes[0], width = x.Sizes[1];
        if (height == y.Sizes[0] && width == y.Sizes[1])
        {
            context.Copy(node, x, y);
            return;
        }
        if (height == 1 && width == 1)
        {
            View zeros = context.Filled(node, "zeros", y.Type, y.Sizes, 0);
            ActivationRange range = ActivationRange.Of(y.Type);
            context.Binary(new(ElementwiseMode.Add, node) { OfmScale = FixedPointScale.One, ClampMin = range.Min, ClampMax = range.Max },
                zeros, x, y);
            return;
        }
        Shape from = node.Input(0).Shape, to = node.Output.Shape;
        if (ResizePhases.Of(op, from, to) is var (rowFactor, columnFactor))
            LowerPhases(context, node, x, y, rowFactor, columnFactor);
        else if (ResizeFactor.Of(op, from, to) is { } factor)
            LowerDoubling(context, node, op, x, y, factor);
        else if (op.Kind == ResizeKind.Nearest)
            LowerNearest(context, node, x, y,
                IndexRun.Of(ResizePositions.Nearest(height, to[1], op.AlignCorners, op.HalfPixelCenters)),
                IndexRun.Of(ResizePositions.Nearest(width, to[2], op.AlignCorners, op.HalfPixelCenters)));
        else
            new BilinearLowering(context, node).Lower(x, y,
                BilinearCell.Of(height, to[1], op.AlignCorners, op.HalfPixelCenters),
                BilinearCell.Of(width, to[2], op.AlignCorners, op.HalfPixelCenters));
    }

    /// <summary>Any other sizes: copies of the rows and columns that go in equal steps.</summary>
    private static void LowerNearest(LoweringContext context, Node node, View x, View y, IndexRun[] rows, IndexRun[] columns)
    {
        if (rows.Length * (long)columns.Length > 2L * (rows.Length + columns.Length))
        {
            View half = context.Temporary(node, "rows", x.Type, y.Sizes[0], x.Sizes[1], x.Sizes[2]);
            LowerNearest(context, node, x, half, rows, [new(0, 1, x.Sizes[1], 0, 1)]);
            LowerNearest(context, node, half, y, [new(0, 1, y.Sizes[0], 0, 1)], columns);
            return;
        }
        foreach (IndexRun row in rows)
            foreach (IndexRun column in columns)
            {
                (View from, View to) = row.Of(x, 0, y);
                (from, to) = column.Of(from, 1, to);
                context.Copy(node, from, to);
            }
    }

    private static void LowerDoubling(LoweringContext context, Node node, Resize op, View x, View y, int whole)
    {
        bool align = op.AlignCorners;
        for (int factor = whole; factor > 2; factor /= 2)
        {
            View doubled = context.Temporary(node, "doubled", x.Type, x.Sizes[0] * 2, x.Sizes[1] * 2, x.Sizes[2]);
            EmitPool(context, node, x, doubled, NpuKernel.Unit, default);
            x = doubled;
        }
        if (op.Kind == ResizeKind.Bilinear)
            EmitPool(context, node, x, y, new(whole, whole), align ? default : new(0, 0, whole - 1, whole - 1));
        else if (!align)
            EmitPool(context, node, x, y, NpuKernel.Unit, default);
        else
        {
            // The element in the middle of each window.
            int depth = x.Sizes[2], area = whole * whole;
            var filter = new short[depth * area];
            for (int channel = 0; channel < depth; channel++)
                filter[(channel * area) + ((whole / 2) * whole) + (whole / 2)] = 1;
            var scales = new FixedPointScale[depth];
            Array.Fill(scales, FixedPointScale.One);
            Emit(context, node, x.ToFeatureMap(), y.ToFeatureMap(), new(filter, depth, whole, whole, 1, new long[depth], scales),
                NpuUpscale.Nearest, NpuRounding.Natural);
        }
    }

    private static void EmitPool(LoweringContext context, Node node, View x, View y, NpuKernel kernel, NpuPadding padding)
    {
        ActivationRange range = ActivationRange.Of(y.Type);
        context.Emit(new(NpuOpKind.AveragePool, x.ToFeatureMap(), y.ToFeatureMap())
        {
            Node = node,
            Kernel = kernel,
            Padding = padding,
            Upscale = NpuUpscale.Nearest,
            OfmScale = padding.IsEmpty ? FixedPointScale.Mean((long)kernel.Height * kernel.Width) : null,
            Rounding = NpuRounding.Natural,
            ClampMin = range.Min,
            ClampMax = range.Max,
        });
    }

    private static void Emit(LoweringContext context, Node node, FeatureMap ifm, FeatureMap ofm, NpuWeights weights, NpuUpscale upscale,
        NpuRounding rounding)
    {
        ActivationRange range = ActivationRange.Of(ofm.Type);
        context.Emit(new(NpuOpKind.Depthwise, ifm, ofm)
        {
            Node = node,
            Kernel = new(weights.Height, weights.Width),
            Upscale = upscale,
            Weights = weights,
            Rounding = rounding,
            ClampMin = range.Min,
            ClampMax = range.Max,
        });
    }

    /// <summary>Each phase is a filter of at most 2×2 that writes every so many rows and columns; edges are read twice.</summary>
    private static void LowerPhases(LoweringContext context, Node node, View x, View y, int rowFactor, int columnFactor)
    {
        int height = x.Sizes[0], width = x.Sizes[1], depth = x.Sizes[2];
        long rowEnd = (width - 1) * x.Strides[1], columnEnd = (height - 1) * x.Strides[0];
        var scales = new FixedPointScale[depth];
        Array.Fill(scales,
            FixedPointScale.From(1.0 / (ResizePhases.Sum(rowFactor) * ResizePhases.Sum(columnFactor))).AwayFromZero());
        for (int row = 0; row < rowFactor; row++)
            for (int column = 0; column < columnFactor; column++)
            {
                short[] down = ResizePhases.Weights(rowFactor, row), across = ResizePhases.Weights(columnFactor, column);
                short[] pattern = [.. down.SelectMany(a => across.Select(b => (short)(a * b)))];
                var filter = new short[depth * pattern.Length];
                for (int channel = 0; channel < depth; channel++)
                    pattern.CopyTo(filter.AsSpan(channel * pattern.Length));
                bool bottom = !ResizePhases.IsBefore(rowFactor, row), right = !ResizePhases.IsBefore(columnFactor, column);
                FeatureMap whole = x.ToFeatureMap();
                FeatureMap ifm = whole with
                {
                    Height = height + down.Length - 1,
                    Width = width + across.Length - 1,
                    Tiles = new(
                        bottom ? height : 1, bottom ? height : 1, right ? width : 1,
                        whole.Offset + (right ? rowEnd : 0),
                        whole.Offset + (bottom ? columnEnd : 0),
                        whole.Offset + (right ? rowEnd : 0) + (bottom ? columnEnd : 0)),
                };
                View target = y.Slice(0, row, height, rowFactor).Slice(1, column, width, columnFactor);
                Emit(context, node, ifm, target.ToFeatureMap(),
                    new(filter, depth, down.Length, across.Length, 1, new long[depth], scales), NpuUpscale.None, NpuRounding.Natural);
            }
    }
}
