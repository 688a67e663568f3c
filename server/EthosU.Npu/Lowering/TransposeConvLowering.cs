using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Support;

namespace EthosU.Npu.Lowering;

/// <summary>TRANSPOSE_CONV: a convolution of the input with zeros between its elements (npu-operators 2.5).</summary>
internal static class TransposeConvLowering
{
    public static void Lower(LoweringContext context, Node node, TransposeConv op)
    {
        Tensor weights = node.Input(1), input = node.Input(2), output = node.Output;
        Tensor? bias = node.TryInput(3);
        int depth = weights.Shape[0], height = weights.Shape[1], width = weights.Shape[2];
        Filter filter = new Filter(FilterReader.Values(weights), depth, height, width, weights.Shape[3]).Rotated();
        (FixedPointScale[] scales, NpuRounding rounding) = FilterReader.Scales(input, weights, SumWidth.IsWide(node), output, depth);
        bool upscaled = op.StrideHeight == 2 || op.StrideWidth == 2;
        new ConvolutionEmitter(context, node, NpuOpKind.Convolution, filter, FilterReader.Biases(bias, depth), scales)
        {
            Top = Before(op.Padding, height, op.StrideHeight),
            Left = Before(op.Padding, width, op.StrideWidth),
            Upscale = upscaled ? NpuUpscale.Zeros : NpuUpscale.None,
            IfmZeroPoint = input.Quantization!.ZeroPoint,
            OfmZeroPoint = output.Quantization!.ZeroPoint,
            Rounding = rounding,
            Range = ActivationRange.Of(op.Activation, output),
        }.Emit(context.WithChannels(node, context[input]), context[output]);
    }

    private static int Before(Padding padding, int kernel, int stride) =>
        kernel - 1 - (padding == Padding.Same ? Math.Max(kernel - stride, 0) / 2 : 0);
}
