using EthosU.Graphs;
using EthosU.Npu.Indices;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;
using EthosU.Npu.Support;

namespace EthosU.Npu.Lowering;

/// <summary>
/// TRANSPOSE_CONV: a convolution of the input with zeros between its elements, or, for other strides and sizes, one for each phase of the
/// result (npu-operators 2.5).
/// </summary>
internal static class TransposeConvLowering
{
    public static void Lower(LoweringContext context, Node node, TransposeConv op)
    {
        Tensor weights = node.Input(1), input = node.Input(2), output = node.Output;
        Tensor? bias = node.TryInput(3);
        int depth = weights.Shape[0], height = weights.Shape[1], width = weights.Shape[2];
        Filter filter = new(FilterReader.Values(weights), depth, height, width, weights.Shape[3]);
        (FixedPointScale[] scales, NpuRounding rounding) = FilterReader.Scales(input, weights, SumWidth.IsWide(node), output, depth);
        long[] biases = FilterReader.Biases(bias, depth);
        View x = context.WithChannels(node, context[input]), y = context[output];
        TransposedAxis rows = TransposedAxis.Of(node, op, 1), columns = TransposedAxis.Of(node, op, 2);
        if (ConvolutionRules.IsDoubled(node, op))
            Emitter(filter.Rotated(), biases, scales, height - 1 - rows.Crop, width - 1 - columns.Crop,
                op.StrideHeight == 2 || op.StrideWidth == 2).Emit(x, y);
        else if (IsNarrow(rows.Stride * columns.Stride, depth))
            LowerTogether();
        else
            LowerPhases();

        ConvolutionEmitter Emitter(
            Filter form, long[] formBiases, FixedPointScale[] formScales, int top, int left, bool upscaled = false) =>
            new(context, node, NpuOpKind.Convolution, form, formBiases, formScales)
            {
                Top = top,
                Left = left,
                Upscale = upscaled ? NpuUpscale.Zeros : NpuUpscale.None,
                IfmZeroPoint = input.Quantization!.ZeroPoint,
                OfmZeroPoint = output.Quantization!.ZeroPoint,
                Rounding = rounding,
                Range = ActivationRange.Of(op.Activation, output),
            };

        void LowerPhases()
        {
            for (int row = 0; row < rows.Stride; row++)
                for (int column = 0; column < columns.Stride; column++)
                    if (rows.Phase(row) is { } down && columns.Phase(column) is { } across)
                    {
                        Filter part = filter.Every(down.Tap, down.Taps, rows.Stride, across.Tap, across.Taps, columns.Stride)
                            .Extended(LeastTaps(down.Element + down.Count, rows, down.Taps),
                                LeastTaps(across.Element + across.Count, columns, across.Taps)).Rotated();
                        (View seen, int top) = Before(x, 1, part.Height - 1 - down.Element);
                        (seen, int left) = Before(seen, 2, part.Width - 1 - across.Element);
                        Emitter(part, biases, scales, top, left).Emit(seen,
                            y.Slice(1, down.First, down.Count, rows.Stride).Slice(2, across.First, across.Count, columns.Stride));
                    }
        }

        // Few channels: the phases are channels of one convolution, whose result is then laid out as pixels.
        void LowerTogether()
        {
            int phases = rows.Stride * columns.Stride, batch = y.Sizes[0];
            int high = (rows.Output + rows.Crop + rows.Stride - 1) / rows.Stride,
                wide = (columns.Output + columns.Crop + columns.Stride - 1) / columns.Stride;
            Filter all = filter.Phases(rows.Stride, columns.Stride)
                .Extended(LeastTaps(high, rows, rows.MostTaps), LeastTaps(wide, columns, columns.MostTaps)).Rotated();
            View result = context.Temporary(node, "phases", output.Type, batch, high, wide, phases * depth);
            Emitter(all, [.. Enumerable.Repeat(biases, phases).SelectMany(static b => b)],
                [.. Enumerable.Repeat(scales, phases).SelectMany(static s => s)], all.Height - 1, all.Width - 1).Emit(x, result);
            bool crops = rows.Crop > 0 || columns.Crop > 0 || high * rows.Stride != rows.Output || wide * columns.Stride != columns.Output;
            View pixels = crops
                ? context.Temporary(node, "pixels", output.Type, batch, high * rows.Stride, wide * columns.Stride, depth) : y;
            (View deep, View flat) = MovementLowering.Blocks(result, pixels, rows.Stride, columns.Stride);
            context.Copy(node, deep, flat);
            if (crops)
                context.Copy(node, pixels.Slice(1, rows.Crop, rows.Output).Slice(2, columns.Crop, columns.Output), y);
        }
    }

    /// <summary>
    /// Taps, with one of zero more where the last result would begin behind the input: padding is less than the kernel.
    /// </summary>
    private static int LeastTaps(int results, TransposedAxis axis, int taps) =>
        Math.Max(1, taps) + (results - axis.Input >= Math.Max(1, taps) ? 1 : 0);

    /// <summary>Rows or columns of padding in front; where there are less than none, the input begins later.</summary>
    private static (View View, int Padding) Before(View view, int axis, int padding) =>
        padding >= 0 ? (view, padding) : (view.Slice(axis, -padding, view.Sizes[axis] + padding), 0);

    /// <summary>True if the channels of a phase alone would leave most of the hardware idle.</summary>
    private static bool IsNarrow(int phases, int depth) => phases > 1 && (phases * depth + 7) / 8 * 2 < phases * ((depth + 7) / 8);
}
