using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>SOFTMAX over the last axis (npu-operators 2.24).</summary>
internal static class SoftmaxLowering
{
    private static readonly LookupTable ExpTable = LookupTable.Of16(WideSoftmax.Exp), InverseTable = LookupTable.Of16(WideSoftmax.Inverse);

    /// <summary>The sum of as many exponentials of at most 1 never asks for a shift above <see cref="MaxShift"/>.</summary>
    private const int LargestCertainDepth = 511, MaxShift = 31;

    public static void Lower(LoweringContext context, Node node, Softmax op)
    {
        Quantization from = node.Input(0).Quantization!, to = node.Output.Quantization!;
        RowSteps.ForEach(context, node, (steps, x, y) =>
        {
            if (x.Type == ElementType.Int16)
                Lower16(steps, x, y, from.Scale, op.Beta);
            else
                Lower8(steps, x, y, from.Scale, op.Beta, to.ZeroPoint);
        });
    }

    /// <summary>8-bit inputs, 8- or 16-bit results.</summary>
    private static void Lower8(RowSteps steps, View x, View y, float scale, float beta, int zeroPoint)
    {
        View e = steps.OfDistance("exp", x, steps.Largest(x), Tables.SoftmaxExp((double)beta * scale));
        View rescaled = steps.Wide("exp12");
        BinaryTemplate shiftRight = steps.Plain(ElementwiseMode.ShiftRight) with { Rounding = NpuRounding.Natural };
        steps.Binary(shiftRight, e, steps.Number(SoftmaxDistances.SumBits), rescaled);
        View sum = steps.Sum(rescaled), zeros = steps.LeadingZeros(sum);
        int bits = y.Type == ElementType.Int16 ? 16 : 8;
        View shift = steps.Subtract("shift", steps.Number(SoftmaxDistances.SumBits + 31 - bits), zeros);
        View headroom = steps.Subtract("headroom", zeros, steps.Number(1));
        View reciprocal = steps.Reciprocal(steps.Narrow("denominator", steps.Plain(ElementwiseMode.ShiftLeft), sum, headroom));
        if (bits == 8 && x.Sizes[^1] > LargestCertainDepth)
            (reciprocal, shift) = Limited(steps, reciprocal, shift);
        View scaled = steps.Wide("scaled");
        steps.Binary(steps.Product(30), e, reciprocal, scaled);
        if (bits == 8)
        {
            ActivationRange range = ActivationRange.Of(y.Type);
            steps.Binary(shiftRight with { OfmZeroPoint = zeroPoint, ClampMin = range.Min, ClampMax = range.Max }, scaled, shift, y);
            return;
        }
        View shifted = steps.Wide("shifted");
        steps.Binary(shiftRight, scaled, shift, shifted);
        steps.Binary(steps.Plain(ElementwiseMode.Add), shifted, steps.Number(-32768), y);
    }

    /// <summary>
    /// Shifts of at most 31, the most that the hardware is known to do. Only sums of 512 and more, of many equal inputs, ask for more; all
    /// results are 0 then, and with the reciprocal made a quarter (or less) they are.
    /// </summary>
    private static (View Reciprocal, View Shift) Limited(RowSteps steps, View reciprocal, View shift)
    {
        View excess = steps
            .Subtract("excess", steps.Narrow("most", steps.Plain(ElementwiseMode.Max), shift, steps.Number(MaxShift)),
            steps.Number(MaxShift));
        BinaryTemplate shiftRight = steps.Plain(ElementwiseMode.ShiftRight) with { Rounding = NpuRounding.Natural };
        return (steps.Narrow("reduced", shiftRight, reciprocal, steps.Add("twice", excess, excess)),
            steps.Narrow("limited", steps.Plain(ElementwiseMode.Min), shift, steps.Number(MaxShift)));
    }

    /// <summary>16-bit inputs and results.</summary>
    private static void Lower16(RowSteps steps, View x, View y, float scale, float beta)
    {
        BinaryTemplate shiftRight = steps.Plain(ElementwiseMode.ShiftRight) with { Rounding = NpuRounding.Natural };
        View difference = steps.Wide("difference"), scaled = steps.Wide("scaled");
        steps.Binary(steps.Plain(ElementwiseMode.Sub), x, steps.Largest(x), difference);
        steps.Rescale(difference, scaled, FixedPointScale.From(WideSoftmax.InputFactor(scale, beta)));
        View e = steps.Storage("exp", ElementType.Int16, x.Sizes[^1]);
        steps.WithTable(steps.Plain(ElementwiseMode.Add), scaled, steps.Number(32767), e, ExpTable);
        View sum = steps.Sum(e), zeros = steps.LeadingZeros(sum);
        View shift = steps.Subtract("shift", steps.Number(31), zeros);
        View one = steps.Narrow("one", steps.Plain(ElementwiseMode.ShiftLeft), steps.Number(1), shift);
        View left = steps.Narrow("left", steps.Plain(ElementwiseMode.ShiftLeft), steps.Subtract("rest", sum, one), zeros);
        View right = steps.Narrow("right", shiftRight, left, steps.Number(15));
        View reciprocal = steps.Storage("reciprocal", ElementType.Int16, 1);
        steps.WithTable(steps.Plain(ElementwiseMode.Sub), right, steps.Number(32768), reciprocal, InverseTable);
        View product = steps.Wide("product");
        steps.Binary(steps.Plain(ElementwiseMode.Mul), e, reciprocal, product);
        steps.Binary(shiftRight, product, shift, y);
    }
}
