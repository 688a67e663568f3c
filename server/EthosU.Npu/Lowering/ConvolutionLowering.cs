using EthosU.Graphs;
using EthosU.Npu.Indices;
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
        (Tensor input, View x, WindowAxis rows, WindowAxis columns) =
            Input(context, node, op.Padding, op.StrideHeight, op.StrideWidth, op.DilationHeight, op.DilationWidth);
        filter = filter.Every(rows.FirstTap, rows.Taps, 1, columns.FirstTap, columns.Taps, 1);
        View y = context[output];
        int groups = x.Sizes[3] / filter.Input, groupDepth = depth / groups;
        (int phasesY, int phasesX) = DilationForm.Choose(rows, columns, DilationForm.CyclesOfTap(filter.Input, groupDepth));
        for (int group = 0; group < groups; group++)
        {
            int first = group * groupDepth;
            ConvolutionEmitter emitter = Emitter(context, node, NpuOpKind.Convolution, filter.Channels(first, groupDepth),
                biases[first..(first + groupDepth)], scales[first..(first + groupDepth)], rounding, rows, columns, (phasesY, phasesX),
                input, op.Activation);
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
        (Tensor input, View x, WindowAxis rows, WindowAxis columns) =
            Input(context, node, op.Padding, op.StrideHeight, op.StrideWidth, op.DilationHeight, op.DilationWidth);
        Filter filter = new Filter(values, depth, height, width, 1)
            .Every(rows.FirstTap, rows.Taps, 1, columns.FirstTap, columns.Taps, 1);
        values = filter.Values;
        area = filter.Height * filter.Width;
        View y = context[output];
        int channels = x.Sizes[3], multiplier = depth / channels;
        (int phasesY, int phasesX) = DilationForm.Choose(rows, columns, DilationForm.CyclesOfTap(channels));
        ConvolutionEmitter Part(Filter part, long[] partBiases, FixedPointScale[] partScales) => Emitter(context, node,
            channels == 1 ? NpuOpKind.Convolution : NpuOpKind.Depthwise, part, partBiases, partScales, rounding, rows, columns,
            (phasesY, phasesX), input, op.Activation);

        if (multiplier == 1 || channels == 1)
        {
            Part(filter, biases, scales).Emit(x, y);
            return;
        }
        // Output channel c·m + j: one operation for each j, whose channels are then written m apart.
        for (int j = 0; j < multiplier; j++)
        {
            int[] picked = [.. Enumerable.Range(0, channels).Select(c => (c * multiplier) + j)];
            Filter part =
                new([.. picked.SelectMany(c => values.AsSpan(c * area, area).ToArray())], channels, filter.Height, filter.Width, 1);
            View result = context.Temporary(node, "multiplier", output.Type, y.Sizes[0], y.Sizes[1], y.Sizes[2], channels);
            Part(part, [.. picked.Select(c => biases[c])], [.. picked.Select(c => scales[c])]).Emit(x, result);
            context.Copy(node, result, y.Slice(3, j, channels, multiplier));
        }
    }

    private static ConvolutionEmitter Emitter(LoweringContext context, Node node, NpuOpKind kind, Filter filter, long[] biases,
        FixedPointScale[] scales, NpuRounding rounding, WindowAxis rows, WindowAxis columns, (int Rows, int Columns) phases, Tensor input,
        FusedActivation activation) => new(context, node, kind, filter, biases, scales)
        {
            StrideY = rows.Stride,
            StrideX = columns.Stride,
            DilationY = rows.Dilation,
            DilationX = columns.Dilation,
            PhasesY = phases.Rows,
            PhasesX = phases.Columns,
            Top = rows.Before,
            Left = columns.Before,
            IfmZeroPoint = input.Quantization!.ZeroPoint,
            OfmZeroPoint = node.Output.Quantization!.ZeroPoint,
            Rounding = rounding,
            Range = ActivationRange.Of(activation, node.Output),
        };

    /// <summary>
    /// The tensor to read, seen as [N, H, W, C], and its axes with the padding before them; a PAD in front may be a part of that. Rows and
    /// columns before the first window are left out.
    /// </summary>
    private static (Tensor Tensor, View View, WindowAxis Rows, WindowAxis Columns) Input(
        LoweringContext context, Node node, Padding padding, int strideY, int strideX, int dilationY, int dilationX)
    {
        Shape filter = node.Input(1).Shape, output = node.Output.Shape;
        Tensor input = node.Input(0);
        WindowAxis rows, columns;
        if (context.Plan.FusedPadOf(node) is { } pad)
        {
            int[,] amounts = PadFusion.Amounts(pad);
            input = pad.Input(0);
            rows = WindowAxis.Of(input.Shape[1], output[1], filter[1], strideY, dilationY, amounts[1, 0]);
            columns = WindowAxis.Of(input.Shape[2], output[2], filter[2], strideX, dilationX, amounts[2, 0]);
        }
        else
        {
            rows = WindowAxis.Of(node, 1, padding, strideY, dilationY);
            columns = WindowAxis.Of(node, 2, padding, strideX, dilationX);
        }
        View x = context.WithChannels(node, context[input]);
        (x, rows) = Inside(x, 1, rows);
        (x, columns) = Inside(x, 2, columns);
        return (input, x, rows, columns);
    }

    private static (View View, WindowAxis Axis) Inside(View view, int axis, WindowAxis window)
    {
        int left = window.Input + Math.Min(0, window.Before);
        return window.Before >= 0 ? (view, window)
            : (view.Slice(axis, -window.Before, left), window with { Input = left, Before = 0 });
    }
}
