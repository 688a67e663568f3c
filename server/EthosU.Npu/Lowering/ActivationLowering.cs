using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>Functions of one operand (npu-operators 2.12 to 2.15).</summary>
internal static class ActivationLowering
{
    /// <summary>RELU and its relatives: a clamp in the producer where quantizations agree, otherwise a copy.</summary>
    public static void LowerRelu(LoweringContext context, Node node, UnaryKind kind)
    {
        Tensor input = node.Input(0), output = node.Output;
        // The reference's RELU6 clamps stored values by the input's quantization and does not rescale.
        ActivationRange range = kind switch
        {
            UnaryKind.Relu => ActivationRange.Bounded(output, 0, null),
            UnaryKind.Relu6 => ActivationRange.Bounded(input, 0, 6),
            UnaryKind.ReluN1To1 => ActivationRange.Bounded(output, -1, 1),
            _ => ActivationRange.Bounded(output, 0, 1),
        };
        bool same = Equals(input.Quantization, output.Quantization) || kind == UnaryKind.Relu6;
        if (same && context.TryFuse(input, context[output], op => op.OutputFunction == OutputFunction.None && op.Ofm.Type == output.Type
                ? op with { ClampMin = Math.Max(op.ClampMin, range.Min), ClampMax =
                Math.Max(Math.Max(op.ClampMin, range.Min), Math.Min(op.ClampMax, range.Max)) }
                : null))
            return;
        Quantization from = input.Quantization!, to = output.Quantization!;
        if (same)
            RescaleLowering.Emit(context, node, context[input], 0, context[output], 0, FixedPointScale.Mean(1), range);
        else
            RescaleLowering.Emit(context, node, context[input], from.ZeroPoint, context[output], to.ZeroPoint,
                FixedPointScale.From((double)from.Scale / to.Scale), range);
    }

    /// <summary>A function by table, in the producer where possible.</summary>
    public static void LowerTable(LoweringContext context, Node node, LookupTable table)
    {
        Tensor input = node.Input(0), output = node.Output;
        bool Suits(NpuOp op) => op.OutputFunction == OutputFunction.None && op.Ofm.Type == input.Type && output.Type == input.Type
            && op.Kind != NpuOpKind.Dma;
        if (context.TryFuse(input, context[output],
            op => Suits(op) ? op with { OutputFunction = OutputFunction.Table, Table = table } : null))
            return;
        EmitTable(context, node, context[input], context[output], table);
    }

    /// <summary>A table of 8-bit values, or of 16-bit ones by way of 32 bits.</summary>
    public static void LowerTable(LoweringContext context, Node node, TableLookup op)
    {
        Tensor output = node.Output;
        if (output.Type == ElementType.Int8)
        {
            LowerTable(context, node, LookupTable.Of(op.Entries.AsSpan<sbyte>()));
            return;
        }
        View x = context[node.Input(0)], wide = context.Temporary(node, "wide", ElementType.Int32, [.. x.Sizes]);
        EmitTable(context, node, x, wide, LookupTable.Of32(op.Entries.ToInt32Array()));
        ActivationRange range = ActivationRange.Of(output.Type);
        context.Binary(new(ElementwiseMode.ShiftRight, node)
        {
            Rounding = NpuRounding.Natural, ClampMin = range.Min, ClampMax = range.Max,
        }, wide, context.Constant(node, 0), context[output]);
    }

    /// <summary>Stored values through a table.</summary>
    public static void EmitTable(LoweringContext context, Node node, View input, View output, LookupTable table)
    {
        ActivationRange range = ActivationRange.Of(input.Type);
        context.Binary(
            new(ElementwiseMode.Add, node)
            {
                OfmScale = FixedPointScale.One,
                OutputFunction = OutputFunction.Table,
                Table = table,
                ClampMin = range.Min,
                ClampMax = range.Max,
            },
            input, 0, scalarFirst: false, output);
    }

    /// <summary>LOGISTIC or TANH of 16-bit elements by the hardware's functions.</summary>
    public static void LowerHardware(LoweringContext context, Node node, bool tanh)
    {
        Tensor input = node.Input(0);
        EmitHardware(context, node, context[input], context[node.Output], WideSigmoid.InputFactor(input.Quantization!.Scale, tanh), tanh);
    }

    /// <summary>The hardware's function of 16-bit elements, which <paramref name="unit"/> brings to units of 1/12288.</summary>
    public static void EmitHardware(
        LoweringContext context, Node node, View input, View output, (int Multiplier, int Shift) unit, bool tanh)
    {
        foreach (FeatureMap[] maps in Pointwise.Split(input, output))
            context.Emit(new(NpuOpKind.AveragePool, maps[0], maps[1])
            {
                Node = node,
                OfmScale = new((uint)unit.Multiplier, unit.Shift),
                OutputFunction = tanh ? OutputFunction.Tanh : OutputFunction.Sigmoid,
            });
    }

    /// <summary>ABS.</summary>
    public static void LowerAbs(LoweringContext context, Node node)
    {
        Quantization from = node.Input(0).Quantization!, to = node.Output.Quantization!;
        EmitUnary(context, node, ElementwiseMode.Abs, FixedPointScale.From((double)from.Scale / to.Scale));
    }

    /// <summary>LEAKY_RELU.</summary>
    public static void LowerLeakyRelu(LoweringContext context, Node node, LeakyRelu op)
    {
        Tensor input = node.Input(0), output = node.Output;
        Quantization from = input.Quantization!, to = output.Quantization!;
        double identity = (double)from.Scale / to.Scale, slope = (double)from.Scale * op.Alpha / to.Scale;
        if (input.Type != ElementType.Int16)
            LowerTable(context, node, Tables.TwoSlopes(input, output, identity, slope));
        else if (op.Alpha > 0 && from.Equals(to))
            EmitUnary(context, node, ElementwiseMode.LeakyRelu, FixedPointScale.From(slope));
        else
            TwoSlopesLowering.Emit(context, node, identity, slope, null);
    }

    private static void EmitUnary(LoweringContext context, Node node, ElementwiseMode function, FixedPointScale scale)
    {
        Quantization from = node.Input(0).Quantization!, to = node.Output.Quantization!;
        ActivationRange range = ActivationRange.Of(node.Output.Type);
        foreach (FeatureMap[] maps in Pointwise.Split(context[node.Input(0)], context[node.Output]))
            context.Emit(new(NpuOpKind.Elementwise, maps[0], maps[1])
            {
                Node = node,
                Function = function,
                IfmZeroPoint = from.ZeroPoint,
                OfmZeroPoint = to.ZeroPoint,
                OfmScale = scale,
                ClampMin = range.Min,
                ClampMax = range.Max,
            });
    }
}
