using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>AVERAGE_POOL_2D and MAX_POOL_2D (npu-operators 2.8 and 2.9).</summary>
internal static class PoolLowering
{
    public static void Lower(LoweringContext context, Node node, Pool2D op)
    {
        Tensor input = node.Input(0), output = node.Output;
        View x = context.WithChannels(node, context[input]), y = context[output];
        int top = WindowGeometry.PaddingSize(op.Padding, input.Shape[1], output.Shape[1], op.FilterHeight, op.StrideHeight, 1).Before;
        int left = WindowGeometry.PaddingSize(op.Padding, input.Shape[2], output.Shape[2], op.FilterWidth, op.StrideWidth, 1).Before;
        ActivationRange range = ActivationRange.Of(op.Activation, output);
        NpuOpKind kind = op.Kind == PoolKind.Max ? NpuOpKind.MaxPool : NpuOpKind.AveragePool;
        for (int n = 0; n < y.Sizes[0]; n++)
            Emit(context, node, kind, x.Select(0, n), y.Select(0, n), new(op.FilterHeight, op.FilterWidth, op.StrideHeight, op.StrideWidth),
                top, left, range);
    }

    /// <summary>From [H, W, C] to [OH, OW, C]; strides over 3 with one operation for each row or column of the result.</summary>
    public static void Emit(LoweringContext context, Node node, NpuOpKind kind, View x, View y, NpuKernel kernel, int top, int left,
        ActivationRange range)
    {
        if (y.Sizes[0] > 1 && kernel.StrideY > 3)
        {
            for (int row = 0; row < y.Sizes[0]; row++)
            {
                int start = (row * kernel.StrideY) - top, first = Math.Max(0, start);
                Emit(context, node, kind, x.Slice(0, first, x.Sizes[0] - first), y.Slice(0, row, 1), kernel, first - start, left, range);
            }
            return;
        }
        if (y.Sizes[1] > 1 && kernel.StrideX > 3)
        {
            for (int column = 0; column < y.Sizes[1]; column++)
            {
                int start = (column * kernel.StrideX) - left, first = Math.Max(0, start);
                Emit(context, node, kind, x.Slice(1, first, x.Sizes[1] - first), y.Slice(1, column, 1), kernel, top, first - start, range);
            }
            return;
        }
        NpuKernel window = kernel with { StrideY = y.Sizes[0] == 1 ? 1 : kernel.StrideY, StrideX = y.Sizes[1] == 1 ? 1 : kernel.StrideX };
        int bottom = Math.Max(0, ((y.Sizes[0] - 1) * window.StrideY) + window.Height - top - x.Sizes[0]);
        int right = Math.Max(0, ((y.Sizes[1] - 1) * window.StrideX) + window.Width - left - x.Sizes[1]);
        NpuPadding padding = new(top, left, bottom, right);
        if (kind == NpuOpKind.MaxPool && !HardwareRules.Fits(padding))
        {
            // The lowest value never wins.
            x = PadLowering.Surround(context, node, x, padding, ActivationRange.Of(x.Type).Min);
            padding = default;
        }
        context.Emit(new(kind, x.ToFeatureMap(), y.ToFeatureMap())
        {
            Node = node,
            Kernel = window,
            Padding = padding,
            // With padding the hardware divides by the number of elements inside; that division rounds halves away from zero.
            OfmScale = kind == NpuOpKind.MaxPool || !padding.IsEmpty ? null : FixedPointScale.Mean((long)window.Height * window.Width),
            Rounding = kind == NpuOpKind.AveragePool && padding.IsEmpty ? NpuRounding.Natural : NpuRounding.TfLite,
            ClampMin = range.Min,
            ClampMax = range.Max,
        });
    }
}
