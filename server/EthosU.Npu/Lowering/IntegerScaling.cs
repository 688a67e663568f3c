using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>32-bit steps between 8- or 16-bit ones (npu-operators 2.1, 2.10 and 2.11.5).</summary>
internal static class IntegerScaling
{
    /// <summary>8- or 16-bit elements minus their zero point, times a factor, as 32-bit elements.</summary>
    public static View Widen(LoweringContext context, Node node, View view, int zeroPoint, int factor = 1)
    {
        View source = context.WithChannels(node, view);
        View wide = context.Temporary(node, "wide", ElementType.Int32, [.. source.Sizes]);
        Dictionary<int, NpuWeights> weights = [];
        foreach (FeatureMap[] maps in Pointwise.Split(source, wide))
        {
            if (!weights.TryGetValue(maps[0].Depth, out NpuWeights? ones))
                weights.Add(maps[0].Depth, ones = NpuWeights.Uniform(1, maps[0].Depth, 1, 1, 1, new((uint)factor, 0)));
            context.Emit(new(NpuOpKind.Depthwise, maps[0], maps[1]) { Node = node, IfmZeroPoint = zeroPoint, Weights = ones });
        }
        return wide;
    }

    /// <summary>
    /// 32-bit elements times a factor. The hardware only shifts 32-bit results, so that the multiplier is an operand.
    /// </summary>
    public static void Emit(LoweringContext context, Node node, View input, View output, FixedPointScale scale, int zeroPoint,
        ActivationRange range)
    {
        FixedPointScale factor = scale.Multiplier > int.MaxValue ? new(scale.Multiplier >> 1, scale.Shift - 1) : scale;
        context.Binary(
            new(ElementwiseMode.Mul, node)
            {
                OfmScale = new(1, factor.Shift),
                OfmZeroPoint = zeroPoint,
                ClampMin = range.Min,
                ClampMax = range.Max,
            },
            input, context.Constant(node, (int)factor.Multiplier), output);
    }
}
