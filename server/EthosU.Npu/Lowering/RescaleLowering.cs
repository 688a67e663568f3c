using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>QUANTIZE between integers and other changes of quantization (npu-operators 2.12 and 2.16).</summary>
internal static class RescaleLowering
{
    /// <summary>QUANTIZE.</summary>
    public static void Lower(LoweringContext context, Node node) =>
        Emit(context, node, context[node.Input(0)], node.Input(0).Quantization!, context[node.Output], node.Output.Quantization!,
        ActivationRange.Of(node.Output.Type));

    /// <summary>A copy from one quantization to another; the ratio of the scales in double precision.</summary>
    public static void Emit(LoweringContext context, Node node, View from, Quantization fromScale, View to, Quantization toScale,
        ActivationRange range) =>
        Emit(context, node, from, fromScale.ZeroPoint, to, toScale.ZeroPoint, FixedPointScale.From((double)fromScale.Scale / toScale.Scale),
        range);

    /// <summary>A copy that subtracts a zero point, scales, adds another and clamps.</summary>
    public static void Emit(LoweringContext context, Node node, View from, int fromZero, View to, int toZero, FixedPointScale scale,
        ActivationRange range)
    {
        foreach (FeatureMap[] maps in Pointwise.Split(from, to))
            context.Emit(new(NpuOpKind.AveragePool, maps[0], maps[1])
            {
                Node = node,
                IfmZeroPoint = fromZero,
                OfmZeroPoint = toZero,
                OfmScale = scale,
                ClampMin = range.Min,
                ClampMax = range.Max,
            });
    }
}
