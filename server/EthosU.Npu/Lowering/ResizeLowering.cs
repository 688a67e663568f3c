using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR (npu-operators 2.22 and 2.23).</summary>
internal static class ResizeLowering
{
    /// <summary>Weights of the four phases of a doubling with half-pixel centres, and the edges that each repeats.</summary>
    private static readonly (short[] Weights, bool Bottom, bool Right)[] Phases =
        [([1, 3, 3, 9], false, false), ([3, 1, 9, 3], false, true), ([3, 9, 1, 3], true, false), ([9, 3, 3, 1], true, true)];

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
        bool align = op.AlignCorners;
        // A side of length 1 stays as it is or follows the other one: the factor is the one of a side that grows.
        int factor = height > 1 ? Factor(height, y.Sizes[0], align) : Factor(width, y.Sizes[1], align);
        if (op is { Kind: ResizeKind.Bilinear, HalfPixelCenters: true })
        {
            LowerHalfPixel(context, node, x, y);
            return;
        }
        while (factor > 2)
        {
            View doubled = context.Temporary(node, "doubled", x.Type, x.Sizes[0] * 2, x.Sizes[1] * 2, x.Sizes[2]);
            EmitPool(context, node, x, doubled, NpuKernel.Unit, default);
            x = doubled;
            factor /= 2;
        }
        int whole = height > 1 ? Factor(height, y.Sizes[0], align) : Factor(width, y.Sizes[1], align);
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

    private static int Factor(int from, int to, bool align) => align ? (to - 1) / (from - 1) : to / from;

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

    /// <summary>Doubling with half-pixel centres: four 2×2 filters, each writing every other row and column.</summary>
    private static void LowerHalfPixel(LoweringContext context, Node node, View x, View y)
    {
        int height = x.Sizes[0], width = x.Sizes[1], depth = x.Sizes[2];
        long rowEnd = (width - 1) * x.Strides[1], columnEnd = (height - 1) * x.Strides[0];
        for (int phase = 0; phase < 4; phase++)
        {
            (short[] pattern, bool bottom, bool right) = Phases[phase];
            var filter = new short[depth * 4];
            for (int channel = 0; channel < depth; channel++)
                pattern.CopyTo(filter.AsSpan(channel * 4));
            var scales = new FixedPointScale[depth];
            Array.Fill(scales, FixedPointScale.From(1.0 / 16).AwayFromZero());
            FeatureMap whole = x.ToFeatureMap();
            FeatureMap ifm = whole with
            {
                Height = height + 1,
                Width = width + 1,
                Tiles = new(
                    bottom ? height : 1, bottom ? height : 1, right ? width : 1,
                    whole.Offset + (right ? rowEnd : 0),
                    whole.Offset + (bottom ? columnEnd : 0),
                    whole.Offset + (right ? rowEnd : 0) + (bottom ? columnEnd : 0)),
            };
            View target = y.Slice(0, bottom ? 1 : 0, height, 2).Slice(1, right ? 1 : 0, width, 2);
            Emit(context, node, ifm, target.ToFeatureMap(), new(filter, depth, 2, 2, 1, new long[depth], scales), NpuUpscale.None,
                NpuRounding.Natural);
        }
    }
}
