using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>Functions with one slope below zero and another above (npu-operators 2.13).</summary>
internal static class TwoSlopesLowering
{
    /// <summary>PRELU.</summary>
    public static void LowerPRelu(LoweringContext context, Node node)
    {
        Tensor input = node.Input(0), alpha = node.Input(1), output = node.Output;
        Quantization from = input.Quantization!, to = output.Quantization!, slopes = alpha.Quantization!;
        double identity = (double)from.Scale / to.Scale, slope = (double)from.Scale * slopes.Scale / to.Scale;
        if (alpha.Data is { } data && input.Type != ElementType.Int16)
        {
            int[] values = data.ToInt32Array();
            if (values.All(value => value == values[0]))
            {
                ActivationLowering.LowerTable(context, node,
                    Tables.TwoSlopes(input, output, identity, slope, values[0] - slopes.ZeroPoint));
                return;
            }
        }
        if (!EmitByChannel(context, node, identity, slope, alpha))
            Emit(context, node, identity, slope, alpha);
    }

    /// <summary>
    /// Slopes of 8 bits by channel: a depthwise convolution multiplies by them, one element a cycle where an operand that repeats takes
    /// eight. Where none is negative its clamp leaves the part below zero.
    /// </summary>
    /// <returns>False if they are not such.</returns>
    private static bool EmitByChannel(LoweringContext context, Node node, double identity, double slope, Tensor alpha)
    {
        Tensor input = node.Input(0), output = node.Output;
        if (input.Type == ElementType.Int16 || output.Type != input.Type || alpha.Data is not { } data || input.Shape.Rank == 0
            || alpha.Shape.Rank == 0 || alpha.Shape.ElementCount != input.Shape[-1] || alpha.Shape[-1] != input.Shape[-1]
            || input.Shape[-1] > Pointwise.MaxAxis || slope <= 0)
            return false;
        short[] slopes = [.. data.ToInt32Array().Select(value => (short)(value - alpha.Quantization!.ZeroPoint))];
        if (slopes.Any(static value => value is < -byte.MaxValue or > byte.MaxValue))
            return false;
        bool mixed = slopes.Any(static value => value < 0);
        int inputZero = input.Quantization!.ZeroPoint, outputZero = output.Quantization!.ZeroPoint;
        ActivationRange range = ActivationRange.Of(output.Type);
        View x = context.WithChannels(node, context[input]), y = context[output];
        View below = context.Temporary(node, "below", output.Type, [.. y.Sizes]);
        FixedPointScale scale = FixedPointScale.From(slope);
        NpuWeights weights = new(slopes, slopes.Length, 1, 1, 1, new long[slopes.Length], [.. slopes.Select(_ => scale)]);
        foreach (FeatureMap[] maps in Pointwise.Split(mixed ? Negative(context, node, x) : x, below))
            context.Emit(new(NpuOpKind.Depthwise, maps[0], maps[1])
            {
                Node = node, IfmZeroPoint = inputZero, OfmZeroPoint = outputZero, Weights = weights, ClampMin = range.Min,
                ClampMax = mixed ? range.Max : outputZero,
            });
        // Of one quantization and with slopes of at most 1, the larger of both is the result.
        if (!mixed && Equals(input.Quantization, output.Quantization) && slopes.Max() * slope <= 1)
        {
            context.Binary(new(ElementwiseMode.Max, node) { ClampMin = range.Min, ClampMax = range.Max }, x, below, y);
            return true;
        }
        View above = context.Temporary(node, "above", output.Type, [.. y.Sizes]);
        RescaleLowering.Emit(context, node, x, inputZero, above, outputZero, FixedPointScale.From(identity),
            range with { Min = outputZero });
        Add(context, node, above, below, y, takeAway: false);
        return true;
    }

    /// <summary>
    /// The negative part scaled by one factor plus the positive part scaled by another; one of the two is always zero, so that the sum is
    /// exact.
    /// </summary>
    public static void Emit(LoweringContext context, Node node, double identity, double slope, Tensor? alpha)
    {
        Tensor input = node.Input(0), output = node.Output;
        View x = context[input], y = context[output];
        int inputZero = input.Quantization!.ZeroPoint, outputZero = output.Quantization!.ZeroPoint;
        ActivationRange range = ActivationRange.Of(output.Type);
        View positive = context.Temporary(node, "positive", output.Type, [.. y.Sizes]);
        RescaleLowering.Emit(context, node, x, inputZero, positive, outputZero, FixedPointScale.From(identity),
            range with { Min = outputZero });
        if (slope == 0)
        {
            context.Copy(node, positive, y);
            return;
        }
        View negative = Negative(context, node, x);
        View scaled = context.Temporary(node, "scaled", output.Type, [.. y.Sizes]);
        BinaryTemplate product = new(ElementwiseMode.Mul, node)
        {
            FirstZeroPoint = inputZero,
            OfmZeroPoint = outputZero,
            OfmScale = FixedPointScale.From(Math.Abs(slope)),
            ClampMin = range.Min,
            ClampMax = range.Max,
        };
        if (alpha is null)
            context.Binary(product, negative, 1, scalarFirst: false, scaled);
        else if (alpha.Type == input.Type)
            context.Binary(product with { SecondZeroPoint = alpha.Quantization!.ZeroPoint }, negative, context[alpha], scaled);
        else
        {
            // Both operands of the hardware have one type.
            short[] slopes = [.. alpha.Data!.ToInt32Array().Select(value => (short)(value - alpha.Quantization!.ZeroPoint))];
            context.Binary(product, negative, context.Constant(node, "slopes", TensorData.From<short>(alpha.Shape, slopes)), scaled);
        }
        // A negative factor is a positive one whose result is taken away: that is how the reference rounds.
        Add(context, node, positive, scaled, y, slope < 0);
    }

    /// <summary>The part below zero.</summary>
    private static View Negative(LoweringContext context, Node node, View x)
    {
        Tensor input = node.Input(0);
        View negative = context.Temporary(node, "negative", input.Type, [.. x.Sizes]);
        ActivationRange range = ActivationRange.Of(input.Type);
        context.Binary(new(ElementwiseMode.Min, node) { ClampMin = range.Min, ClampMax = range.Max },
            x, input.Quantization!.ZeroPoint, scalarFirst: false, negative);
        return negative;
    }

    /// <summary>Two parts of which one is zero.</summary>
    private static void Add(LoweringContext context, Node node, View first, View second, View result, bool takeAway)
    {
        int zero = node.Output.Quantization!.ZeroPoint;
        ActivationRange range = ActivationRange.Of(node.Output.Type);
        context.Binary(
            new(takeAway ? ElementwiseMode.Sub : ElementwiseMode.Add, node)
            {
                FirstZeroPoint = zero,
                SecondZeroPoint = zero,
                OfmZeroPoint = zero,
                OfmScale = FixedPointScale.One,
                ClampMin = range.Min,
                ClampMax = range.Max,
            },
            first, second, result);
    }
}
