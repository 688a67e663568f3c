using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;
using EthosU.Npu.Support;

namespace EthosU.Npu.Lowering;

/// <summary>FULLY_CONNECTED (npu-operators 2.4).</summary>
internal static class FullyConnectedLowering
{
    public static void Lower(LoweringContext context, Node node, FullyConnected op)
    {
        Tensor input = node.Input(0), weights = node.Input(1), output = node.Output;
        int units = weights.Shape[0], depth = (int)(weights.Shape.ElementCount / units);
        int rows = (int)(input.Shape.ElementCount / depth);
        View x = context.WithChannels(node, context.Reshape(node, context[input], rows, depth));
        if (!weights.IsConstant)
        {
            MatrixProductLowering.LowerDynamic(context, node, x, op);
            return;
        }
        Tensor? bias = node.TryInput(2);
        (FixedPointScale[] scales, NpuRounding rounding) = FilterReader.Scales(input, weights, SumWidth.IsWide(node), output, units);
        NpuWeights filter = new(FilterReader.Values(weights), units, 1, 1, depth, FilterReader.Biases(bias, units), scales);
        Emit(context, node, x, Rows(context[output], rows, units), filter, rounding, input.Quantization!.ZeroPoint,
            output.Quantization!.ZeroPoint,
            ActivationRange.Of(op.Activation, output));
    }

    /// <summary>Rows [n, k] to rows [n, units].</summary>
    public static void Emit(LoweringContext context, Node node, View x, View y, NpuWeights weights, NpuRounding rounding, int ifmZero,
        int ofmZero, ActivationRange range)
    {
        int rows = x.Sizes[0];
        // Several rows are laid out as a map that suits blocks; any factorization is right.
        int width = rows switch { 4 => 2, 8 => 4, 16 => 4, _ => Columns(rows) };
        int height = rows / width;
        View wideX = x.TryReshape([height, width, x.Sizes[1]]) ?? x.WithRank(3),
            wideY = y.TryReshape([height, width, y.Sizes[1]]) ?? y.WithRank(3);
        if (wideX.Sizes[0] != wideY.Sizes[0])
            (wideX, wideY) = (x.WithRank(3), y.WithRank(3));
        context.Emit(new(rows == 1 ? NpuOpKind.VectorProduct : NpuOpKind.Convolution, wideX.ToFeatureMap(), wideY.ToFeatureMap())
        {
            Node = node,
            IfmZeroPoint = ifmZero,
            OfmZeroPoint = ofmZero,
            Weights = weights,
            Rounding = rounding,
            ClampMin = range.Min,
            ClampMax = range.Max,
        });
    }

    private static View Rows(View output, int rows, int units) =>
        output.TryReshape([rows, units]) ?? throw new InvalidOperationException($"the rows of {output.Storage} lie apart");

    private static int Columns(int rows)
    {
        int width = Math.Max(rows / 16, (int)Math.Ceiling(Math.Sqrt(rows)));
        while (rows % width != 0)
            width++;
        return width;
    }
}
