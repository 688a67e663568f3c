using EthosU.Graphs;
using EthosU.Npu.Indices;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>
/// Emits the operations of one convolution: one if the hardware has its stride and dilation, otherwise with a changed filter or input view,
/// or one for each row or column of the result (npu-operators 2.2).
/// </summary>
internal sealed class ConvolutionEmitter(
    LoweringContext context, Node node, NpuOpKind kind, Filter filter, long[] biases, FixedPointScale[] scales)
{
    private readonly Dictionary<int, NpuWeights> folded = [];
    private NpuWeights? plain;

    public int StrideY { get; init; } = 1;

    public int StrideX { get; init; } = 1;

    public int DilationY { get; init; } = 1;

    public int DilationX { get; init; } = 1;

    /// <summary>Rows of padding above, in upscaled rows.</summary>
    public int Top { get; init; }

    /// <summary>Columns of padding on the left, in upscaled columns.</summary>
    public int Left { get; init; }

    public NpuUpscale Upscale { get; init; }

    public int IfmZeroPoint { get; init; }

    public int OfmZeroPoint { get; init; }

    public NpuRounding Rounding { get; init; }

    public ActivationRange Range { get; init; }

    /// <summary>Rows that lie so many apart are convolved by themselves, what is left of the dilation without zeros between.</summary>
    public int PhasesY { get; init; } = 1;

    /// <summary>The same of columns.</summary>
    public int PhasesX { get; init; } = 1;

    private int HardwareDilationY => DilationForm.OfHardware(DilationY / PhasesY);

    private int HardwareDilationX => DilationForm.OfHardware(DilationX / PhasesX);

    /// <summary>From [N, H, W, C] to [N, OH, OW, OC].</summary>
    public void Emit(View input, View output)
    {
        for (int n = 0; n < output.Sizes[0]; n++)
            if (PhasesY > 1 || PhasesX > 1)
                EmitPhases(input.Select(0, n), output.Select(0, n));
            else
                EmitImage(input.Select(0, n), output.Select(0, n));
    }

    private void EmitPhases(View input, View output)
    {
        for (int row = 0; row < Math.Min(PhasesY, output.Sizes[0]); row++)
            for (int column = 0; column < Math.Min(PhasesX, output.Sizes[1]); column++)
            {
                (View seen, View made, int top) = Phase(input, output, 0, row, PhasesY, Top);
                (seen, made, int left) = Phase(seen, made, 1, column, PhasesX, Left);
                Emit(kind, seen, made, Plain(), 1, 1, top, left);
            }
    }

    /// <summary>Every so many results along an axis, what they read, and how much padding is before that.</summary>
    private static (View Input, View Output, int Padding) Phase(View input, View output, int axis, int phase, int phases, int padding)
    {
        int first = (((phase - padding) % phases) + phases) % phases;
        return (input.Slice(axis, first, (input.Sizes[axis] - first + phases - 1) / phases, phases),
            output.Slice(axis, phase, (output.Sizes[axis] - phase + phases - 1) / phases, phases), (first - phase + padding) / phases);
    }

    private void EmitImage(View input, View output)
    {
        if (filter.Height == 1 && filter.Width == 1 && Top == 0 && Left == 0 && Upscale == NpuUpscale.None)
        {
            // A 1×1 filter sees only every so many rows and columns: the view skips the others.
            View seen = input.Slice(0, 0, output.Sizes[0], StrideY).Slice(1, 0, output.Sizes[1], StrideX);
            bool vector = kind == NpuOpKind.Convolution && output.Sizes[0] == 1 && output.Sizes[1] == 1;
            if (StrideY is > 1 and <= 3 && StrideX <= 3 && input.IsDense)
                Emit(kind, input, output, Plain(), StrideY, StrideX, 0, 0);
            else
                Emit(vector ? NpuOpKind.VectorProduct : kind, seen, output, Plain(), 1, 1, 0, 0);
            return;
        }
        if (output.Sizes[0] == 1 || StrideY <= 3)
        {
            EmitRows(input, output, output.Sizes[0] == 1 ? 1 : StrideY, Top);
            return;
        }
        for (int row = 0; row < output.Sizes[0]; row++)
        {
            int start = (row * StrideY) - Top, first = Math.Max(0, start);
            EmitRows(input.Slice(0, first, input.Sizes[0] - first), output.Slice(0, row, 1), 1, first - start);
        }
    }

    private void EmitRows(View input, View output, int strideY, int top)
    {
        if (output.Sizes[1] == 1 || StrideX <= 3)
        {
            Emit(kind, input, output, Plain(), strideY, output.Sizes[1] == 1 ? 1 : StrideX, top, Left);
            return;
        }
        int factor = kind == NpuOpKind.Convolution && DilationX == 1 ? FoldingFactor(input) : 1;
        if (factor > 1)
        {
            int left = (Left + factor - 1) / factor;
            if (!folded.TryGetValue(factor, out NpuWeights? weights))
                folded.Add(factor,
                    weights = Weights(filter.Dilated(DilationY / HardwareDilationY, 1).Folded(factor, (left * factor) - Left)));
            View wide = input.TryReshape([input.Sizes[0], input.Sizes[1] / factor, input.Sizes[2] * factor])!;
            Emit(kind, wide, output, weights, strideY, StrideX / factor, top, left);
            return;
        }
        for (int column = 0; column < output.Sizes[1]; column++)
        {
            int start = (column * StrideX) - Left, first = Math.Max(0, start);
            Emit(kind, input.Slice(1, first, input.Sizes[1] - first), output.Slice(1, column, 1), Plain(), strideY, 1, top, first - start);
        }
    }

    /// <summary>How many neighbouring columns can be seen as channels, so that the stride becomes 3 or less.</summary>
    private int FoldingFactor(View input)
    {
        for (int rest = 1; rest <= 3; rest++)
        {
            int factor = StrideX / rest;
            if (StrideX % rest == 0 && input.Sizes[1] % factor == 0
                && input.TryReshape([input.Sizes[0], input.Sizes[1] / factor, input.Sizes[2] * factor]) is not null)
                return factor;
        }
        return 1;
    }

    private NpuWeights Plain() => plain ??=
        Weights(filter.Dilated(DilationY / PhasesY / HardwareDilationY, DilationX / PhasesX / HardwareDilationX));

    private NpuWeights Weights(Filter form) => new(form.Values, form.Output, form.Height, form.Width, form.Input, biases, scales);

    private void Emit(NpuOpKind what, View input, View output, NpuWeights weights, int strideY, int strideX, int top, int left)
    {
        NpuKernel kernel = new(weights.Height, weights.Width, strideY, strideX, HardwareDilationY, HardwareDilationX);
        int scale = Upscale == NpuUpscale.None ? 1 : 2;
        // Rows and columns behind the last window are not a part of the input.
        int height = kernel.RowsFor(output.Sizes[0]) - top, width = kernel.ColumnsFor(output.Sizes[1]) - left;
        int bottom = Math.Max(0, height - (input.Sizes[0] * scale)), right = Math.Max(0, width - (input.Sizes[1] * scale));
        NpuPadding padding = new(top, left, bottom, right);
        if (scale == 1 && !HardwareRules.Fits(padding))
        {
            input = PadLowering.Surround(context, node, input, padding, IfmZeroPoint);
            padding = default;
        }
        context.Emit(new(what, input.ToFeatureMap(), output.ToFeatureMap())
        {
            Node = node,
            Kernel = kernel,
            Padding = padding,
            Upscale = Upscale,
            IfmZeroPoint = IfmZeroPoint,
            OfmZeroPoint = OfmZeroPoint,
            Weights = weights,
            Rounding = Rounding,
            ClampMin = Range.Min,
            ClampMax = Range.Max,
        });
    }
}
