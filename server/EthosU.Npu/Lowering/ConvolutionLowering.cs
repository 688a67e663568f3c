using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;
using EthosU.Npu.Support;

namespace EthosU.Npu.Lowering;

/// <summary>CONV_2D and DEPTHWISE_CONV_2D (npu-operators 2.2 and 2.3).</summary>
internal static class ConvolutionLowering
{
    /// <summary>CONV_2D, with groups, any dilation and stride.</summary>
    public static void Lower(LoweringContext context, Node node, Conv2D op)
    {
        Tensor weights = node.Input(1), output = node.Output;
        Tensor? bias = node.TryInput(2);
        int depth = weights.Shape[0];
        Filter filter = new(FilterReader.Values(weights), depth, weights.Shape[1], weights.Shape[2], weights.Shape[3]);
        (FixedPointScale[] scales, NpuRounding rounding) =
            FilterReader.Scales(node.Input(0), weights, SumWidth.IsWide(node), output, depth);
        long[] biases = FilterReader.Biases(bias, depth);
        (Tensor input, View x, int top, int left) =
            Input(context, node, op.Padding, op.StrideHeight, op.StrideWidth, op.DilationHeight, op.DilationWidth);
        View y = context[output];
        int groups = x.Sizes[3] / filter.Input, groupDepth = depth / groups;
        ActivationRange range = ActivationRange.Of(op.Activation, output);
        for (int group = 0; group < groups; group++)
        {
            int first = group * groupDepth;
            ConvolutionEmitter emitter = new(context, node, NpuOpKind.Convolution, filter.Channels(first, groupDepth),
                biases[first..(first + groupDepth)], scales[first..(first + groupDepth)])
            {
                StrideY = op.StrideHeight,
                StrideX = op.StrideWidth,
                DilationY = op.DilationHeight,
                DilationX = op.DilationWidth,
                Top = top,
                Left = left,
                IfmZeroPoint = input.Quantization!.ZeroPoint,
                OfmZeroPoint = output.Quantization!.ZeroPoint,
                Rounding = rounding,
                Range = range,
            };
            emitter.Emit(x.Slice(3, group * filter.Input, filter.Input), y.Slice(3, first, groupDepth));
        }
    }

    /// <summary>DEPTHWISE_CONV_2D with any multiplier.</summary>
    public static void LowerDepthwise(LoweringContext context, Node node, DepthwiseConv2D op)
    {
        Tensor weights = node.Input(1), output = node.Output;
        Tensor? bias = node.TryInput(2);
        int height = weights.Shape[1], width = weights.Shape[2], depth = weights.Shape[3];
        (FixedPointScale[] scales, NpuRounding rounding) =
            FilterReader.Scales(node.Input(0), weights, SumWidth.IsWide(node), output, depth);
        long[] biases = FilterReader.Biases(bias, depth);
        // Filters of [1, row, column, channel] become [channel, row, column, 1].
        short[] stored = FilterReader.Values(weights), values = new short[stored.Length];
        int area = height * width;
        for (int tap = 0; tap < area; tap++)
            for (int channel = 0; channel < depth; channel++)
                values[(channel * area) + tap] = stored[(tap * depth) + channel];
        Filter filter = new(values, depth, height, width, 1);
        (Tensor input, View x, int top, int left) =
            Input(context, node, op.Padding, op.StrideHeight, op.StrideWidth, op.DilationHeight, op.DilationWidth);
        View y = context[output];
        int channels = x.Sizes[3], multiplier = depth / channels;
        ConvolutionEmitter Emitter(Filter part, long[] partBiases, FixedPointScale[] partScales) => new(
            context, node, channels == 1 ? NpuOpKind.Convolution : NpuOpKind.Depthwise, part, partBiases, partScales)
        {
            StrideY = op.StrideHeight,
            StrideX = op.StrideWidth,
            DilationY = op.DilationHeight,
            DilationX = op.DilationWidth,
            Top = top,
            Left = left,
            IfmZeroPoint = input.Quantization!.ZeroPoint,
            OfmZeroPoint = output.Quantization!.ZeroPoint,
            Rounding = rounding,
            Range = ActivationRange.Of(op.Activation, output),
        };

        if (multiplier == 1 || channels == 1)
        {
            Emitter(filter, biases, scales).Emit(x, y);
            return;
        }
        // Output channel c·m + j: one operation for each j, whose channels are then written m apart.
        for (int j = 0; j < multiplier; j++)
        {
            int[] picked = [.. Enumerable.Range(0, channels).Select(c => (c * multiplier) + j)];
            Filter part = new([.. picked.SelectMany(c => values.AsSpan(c * area, area).ToArray())], channels, height, width, 1);
            View result = context.Temporary(node, "multiplier", output.Type, y.Sizes[0], y.Sizes[1], y.Sizes[2], channels);
            Emitter(part, [.. picked.Select(c => biases[c])], [.. picked.Select(c => scales[c])]).Emit(x, result);
            context.Copy(node, result, y.Slice(3, j, channels, multiplier));
        }
    }

    /// <summary>The tensor to read, seen as [N, H, W, C], and the padding before it; a PAD in front may be a part of that.</summary>
    private static (Tensor Tensor, View View, int Top, int Left) Input(
        LoweringContext context, Node node, Padding padding, int strideY, int strideX, int dilationY, int dilationX)
    {
        if (context.Plan.FusedPadOf(node) is { } pad)
        {
            int[,] amounts = PadFusion.Amounts(pad);
            return (pad.Input(0), context.WithChannels(node, context[pad.Input(0)]), amounts[1, 0], amounts[2, 0]);
        }
        Tensor input = node.Input(0), weights = node.Input(1);
        int top = WindowGeometry.PaddingSize(padding, input.Shape[1], node.Output.Shape[1], weights.Shape[1], strideY, dilationY).Before;
        int left = WindowGeometry.PaddingSize(padding, input.Shape[2], node.Output.Shape[2], weights.Shape[2], strideX, dilationX).Before;
        return (input, context.WithChannels(node, context[input]), top, left);
    }
}
