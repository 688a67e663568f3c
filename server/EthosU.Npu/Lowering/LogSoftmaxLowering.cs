using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>
/// LOG_SOFTMAX of int8 over the last axis, as the reference's fixed-point kernel (tflite-kernels 3.6): the distance of each element
/// from the largest one less the logarithm of the sum of exponentials. The reference's lower bound on distances never decides: where it
/// applies, the difference is far below the result's range.
/// </summary>
internal static class LogSoftmaxLowering
{
    private const int StepOfResult = 22, ZeroPoint = 127;

    public static void Lower(LoweringContext context, Node node)
    {
        float scale = node.Input(0).Quantization!.Scale;
        RowSteps.ForEach(context, node, (steps, x, y) => Lower(steps, x, y, scale));
    }

    private static void Lower(RowSteps steps, View x, View y, float scale)
    {
        View largest = steps.Largest(x);
        View sum = steps.Sum(steps.OfDistance("exp12", x, largest, Tables.SoftmaxExp12(scale)));
        View logarithm = LogarithmOfSum(steps, sum);
        View distance = steps.OfDistance("distance", x, largest, Tables.LogSoftmaxDistance(scale));
        ActivationRange range = ActivationRange.Of(y.Type);
        steps.Binary(
            steps.Plain(ElementwiseMode.Sub) with
            {
                OfmScale = new(1, StepOfResult),
                Rounding = NpuRounding.Natural,
                OfmZeroPoint = ZeroPoint,
                ClampMin = range.Min,
                ClampMax = range.Max,
            },
            distance, logarithm, y);
    }

    /// <summary>Natural logarithm of 1..4095 with 12 integer bits; 5 integer bits (tflite-kernels 2.7).</summary>
    private static View LogarithmOfSum(RowSteps steps, View x)
    {
        View zeros = steps.LeadingZeros(x);
        View zerosBelowRoot = steps.LeadingZeros(steps.Multiply("root", x, steps.Number(Logarithm.RootHalf)));
        // The power of two, ¼ more or less: where the mantissa is below √½, both counts of zeros differ.
        View power = steps.Add("power",
            steps.Multiply("power", steps.Add("power", zeros, zerosBelowRoot), steps.Number(-(1 << 24)), 0),
            steps.Number((13 << 25) - (1 << 23)));
        View logOfPower = steps.Multiply("power", power, steps.Number(Logarithm.LogTwo));

        // The mantissa between √½ and 1.
        View mantissa = steps
            .Narrow("mantissa", steps.Plain(ElementwiseMode.ShiftLeft), x, steps.Subtract("headroom", zeros, steps.Number(1)));
        View larger = steps.Multiply("larger", steps.Multiply("larger", mantissa, steps.Number(Logarithm.RootHalf)), steps.Number(2), 0);
        View more = steps.Multiply("more", steps.Subtract("more", larger, mantissa), steps.Subtract("below", zerosBelowRoot, zeros), 0);
        View r = steps.Add("mantissa", mantissa, more);

        View p = steps.Narrow("mean", steps.Plain(ElementwiseMode.Add) with { OfmScale = new(1, 1) }, r, steps.Number(Logarithm.Middle));
        View q = steps.Multiply("offset", steps.Subtract("offset", r, steps.Number(Logarithm.Middle)), steps.Number(2), 0);
        View square = steps.Multiply("square", q, q);
        View cubic = steps.Multiply("cubic", steps.Multiply("cubic", q, square), steps.Number(Logarithm.Numerator));
        View top = Scale64th(steps, steps.Add("numerator", steps.Multiply("product", q, r), cubic));
        View bracket = steps.Add(
            "bracket", steps.Add("bracket", q, steps.Number(Logarithm.Constant)),
            steps.Multiply("bracket", square, steps.Number(Logarithm.Denominator)));
        View bottom = steps.Add(
            "denominator", steps.Multiply("bracket", p, bracket), steps.Multiply("linear", q, steps.Number(Logarithm.Factor)));
        View half = steps
            .Narrow("half", steps.Plain(ElementwiseMode.Add) with { OfmScale = new(1, 1) }, bottom, steps.Number(int.MaxValue));
        View logOfMantissa = steps.Multiply("quotient", top, steps.Reciprocal(half), 30);
        return steps.Multiply("logarithm", steps.Add("logarithm", logOfPower, logOfMantissa), steps.Number(2), 0);
    }

    /// <summary>
    /// A 64th, halves away from zero; the hardware's natural rounding takes halves up, so that negative numbers are lowered by 1 before.
    /// </summary>
    private static View Scale64th(RowSteps steps, View x)
    {
        View negative = steps.Narrow("sign", steps.Plain(ElementwiseMode.Max),
            steps.Narrow("sign", steps.Plain(ElementwiseMode.Min), x, steps.Number(0)), steps.Number(-1));
        return steps.Narrow("64th", steps.Plain(ElementwiseMode.ShiftRight) with { Rounding = NpuRounding.Natural },
            steps.Add("lowered", x, negative), steps.Number(6));
    }
}
