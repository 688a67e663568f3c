using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>Functions of two operands (npu-operators 2.11, 3.7 and 3.8).</summary>
internal static class ElementwiseLowering
{
    public static void Lower(LoweringContext context, Node node, Binary op)
    {
        Tensor a = node.Input(0), b = node.Input(1), y = node.Output;
        if (op.Kind == BinaryKind.SquaredDifference)
        {
            LowerSquaredDifference(context, node);
            return;
        }
        bool integers = a.Type == ElementType.Int32;
        ActivationRange range = ActivationRange.Of(op.Activation, y);
        BinaryTemplate template = new(Function(op.Kind), node) { ClampMin = range.Min, ClampMax = range.Max };
        if (op.Kind is BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul)
        {
            template = template with { OfmScale = FixedPointScale.One };
            if (!integers)
            {
                Quantization qa = a.Quantization!, qb = b.Quantization!, qy = y.Quantization!;
                (OperandScaling operands, FixedPointScale result) = op.Kind == BinaryKind.Mul
                    ? (OperandScaling.Unit, FixedPointScale.From((double)qa.Scale * qb.Scale / qy.Scale))
                    : SumScales(qa.Scale, qb.Scale, qy.Scale, a.Type);
                template = template with
                {
                    FirstZeroPoint = qa.ZeroPoint,
                    SecondZeroPoint = qb.ZeroPoint,
                    OfmZeroPoint = qy.ZeroPoint,
                    OperandScaling = operands,
                    OfmScale = result,
                };
            }
        }
        Emit(context, template, a, b, y);
    }

    /// <summary>NEG: zero minus the operand.</summary>
    public static void LowerNegative(LoweringContext context, Node node)
    {
        Tensor x = node.Input(0), y = node.Output;
        BinaryTemplate template = new(ElementwiseMode.Sub, node) { OfmScale = FixedPointScale.One };
        if (x.Type == ElementType.Int32)
        {
            context.Binary(template, context.Constant(node, 0), context[x], context[y]);
            return;
        }
        Quantization from = x.Quantization!, to = y.Quantization!;
        (OperandScaling operands, FixedPointScale result) = SumScales(from.Scale, from.Scale, to.Scale, x.Type);
        ActivationRange range = ActivationRange.Of(y.Type);
        context.Binary(
            template with
            {
                SecondZeroPoint = from.ZeroPoint,
                OfmZeroPoint = to.ZeroPoint,
                OperandScaling = operands,
                OfmScale = result,
                ClampMin = range.Min,
                ClampMax = range.Max,
            },
            context[x], 0, scalarFirst: true, context[y]);
    }

    /// <summary>Scales of an addition or subtraction.</summary>
    public static (OperandScaling Operands, FixedPointScale Result) SumScales(float a, float b, float y, ElementType type)
    {
        (int left, double first, double second, double result) = OperandFactors.OfSum(a, b, y, type == ElementType.Int16);
        if (a == b)
        {
            // The sum of both operands times 2¹⁶ / 2 instead of 2²⁰ / 2 or 2¹⁵ / 2.
            FixedPointScale simple = FixedPointScale.From(result * Math.ScaleB(1, left - 16));
            if (type == ElementType.Int16)
                return (new(OperandScaleMode.Both, new(1 << 14, 0), 1 << 14), simple with { Shift = simple.Shift - 1 });
            if ((simple.Multiplier & 0xFFF) == 0)
                return (new(OperandScaleMode.Both, new(1 << 15, 0), 1 << 15), simple);
        }
        OperandScaleMode smaller = a < b ? OperandScaleMode.OperandA : OperandScaleMode.OperandB;
        return (new(smaller, FixedPointScale.From(Math.Min(first, second) * (1 << left)), 0), FixedPointScale.From(result));
    }

    /// <summary>Adds operations for two operands, of which one may be a constant number.</summary>
    public static void Emit(LoweringContext context, BinaryTemplate template, Tensor a, Tensor b, Tensor y)
    {
        if (Number(b) is { } second && !a.IsConstant)
            context.Binary(template, Full(context, a, y), second, scalarFirst: false, context[y]);
        else if (Number(a) is { } first && !b.IsConstant)
            context.Binary(template, Full(context, b, y), first, scalarFirst: true, context[y]);
        else
            context.Binary(template, context[a], context[b], context[y]);
    }

    /// <summary>The operand beside a number: as large as the result.</summary>
    private static View Full(LoweringContext context, Tensor operand, Tensor result) => context[operand].WithRank(result.Shape.Rank);

    /// <summary>The stored value of a constant of one element that the hardware's register takes.</summary>
    private static int? Number(Tensor tensor) =>
        tensor.Data is { Count: 1 } data && tensor.Type.ByteSize() <= 2 ? data.ToInt32Array()[0] : null;

    private static ElementwiseMode Function(BinaryKind kind) => kind switch
    {
        BinaryKind.Add => ElementwiseMode.Add,
        BinaryKind.Sub => ElementwiseMode.Sub,
        BinaryKind.Mul => ElementwiseMode.Mul,
        BinaryKind.Maximum => ElementwiseMode.Max,
        BinaryKind.Minimum => ElementwiseMode.Min,
        _ => throw new InvalidOperationException($"the NPU has no {kind}"),
    };

    private static void LowerSquaredDifference(LoweringContext context, Node node)
    {
        Tensor a = node.Input(0), b = node.Input(1), y = node.Output;
        Quantization qa = a.Quantization!, qb = b.Quantization!, qy = y.Quantization!;
        var factors = OperandFactors.OfSquaredDifference(qa.Scale, qb.Scale, qy.Scale, a.Type == ElementType.Int16);
        View first = Scaled(context, node, a, factors.Shift, factors.First);
        View second = Scaled(context, node, b, factors.Shift, factors.Second);
        View difference = context.Temporary(node, "difference", ElementType.Int32, [.. y.Shape.Sizes]);
        BinaryTemplate plain = new(ElementwiseMode.Sub, node) { OfmScale = FixedPointScale.One };
        context.Binary(plain, first, second, difference);
        View square = context.Temporary(node, "square", ElementType.Int32, [.. y.Shape.Sizes]);
        context.Binary(plain with { Function = ElementwiseMode.Mul }, difference, difference, square);
        ActivationRange range = ActivationRange.Of(y.Type);
        IntegerScaling.Emit(context, node, square, context[y], FixedPointScale.From(factors.Result), qy.ZeroPoint, range);
    }

    private static View Scaled(LoweringContext context, Node node, Tensor operand, int left, double factor)
    {
        View wide = IntegerScaling.Widen(context, node, context[operand], operand.Quantization!.ZeroPoint, 1 << left);
        View scaled = context.Temporary(node, "scaled", ElementType.Int32, [.. wide.Sizes]);
        IntegerScaling.Emit(context, node, wide, scaled, FixedPointScale.From(factor), 0, ActivationRange.Of(ElementType.Int32));
        return scaled;
    }
}
