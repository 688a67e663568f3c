using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;
using EthosU.Npu.Rewrites;

namespace EthosU.Npu.Lowering;

/// <summary>Comparisons that make numbers or masks, and choices by masks (npu-operators 2.32).</summary>
internal static class TruthLowering
{
    /// <summary>The difference, or what takes its place, through a table of what is true.</summary>
    public static void LowerCompare(LoweringContext context, Node node, CompareKind kind)
    {
        Tensor a = node.Input(0), b = node.Input(1);
        View x = context[a], y = context[b], result = context[node.Output];
        if (Comparison.IsOfStored(node))
            context.Binary(Difference(node, kind), x, y, result);
        else if (b.Data is { Count: 1 } second)
        {
            int[] values = Comparison.Values(a);
            int bound = Comparison.Values(b)[second.ToInt32Array()[0] - sbyte.MinValue];
            ActivationLowering.EmitTable(context, node, x, result,
                Table(node.Output, q => Comparison.Holds(kind, values[q - sbyte.MinValue] - bound)));
        }
        else
            context.Binary(Difference(node, kind), Unit(context, node, a), Unit(context, node, b), result);
    }

    /// <summary>The larger of two numbers, each of which is the least one where it is not chosen.</summary>
    public static void LowerSelect(LoweringContext context, Node node)
    {
        View mask = context[node.Input(0)], yes = context[node.Input(1)], no = context[node.Input(2)], result = context[node.Output];
        ActivationRange range = ActivationRange.Of(ElementType.Int8);
        View other = context.Temporary(node, "other", ElementType.Int8, [.. mask.Sizes]);
        View first = context.Temporary(node, "first", ElementType.Int8, [.. result.Sizes]),
            second = context.Temporary(node, "second", ElementType.Int8, [.. result.Sizes]);
        context.Binary(Of(ElementwiseMode.Sub) with { OfmScale = FixedPointScale.One }, mask, -1, scalarFirst: true, other);
        context.Binary(Of(ElementwiseMode.Min), yes, mask, first);
        context.Binary(Of(ElementwiseMode.Min), no, other, second);
        context.Binary(Of(ElementwiseMode.Max), first, second, result);

        BinaryTemplate Of(ElementwiseMode mode) => new(mode, node) { ClampMin = range.Min, ClampMax = range.Max };
    }

    private static BinaryTemplate Difference(Node node, CompareKind kind) => new(ElementwiseMode.Sub, node)
    {
        OfmScale = FixedPointScale.One,
        OutputFunction = OutputFunction.Table,
        Table = Table(node.Output, difference => Comparison.Holds(kind, difference)),
        ClampMin = sbyte.MinValue,
        ClampMax = sbyte.MaxValue,
    };

    /// <summary>What the kernel compares, in 32 bits.</summary>
    private static View Unit(LoweringContext context, Node node, Tensor tensor)
    {
        View wide = context.Temporary(node, "unit", ElementType.Int32, [.. tensor.Shape]);
        context.Binary(new(ElementwiseMode.Add, node)
        {
            OfmScale = FixedPointScale.One,
            OutputFunction = OutputFunction.Table,
            Table = LookupTable.Of32(Comparison.Values(tensor)),
            ClampMin = sbyte.MinValue,
            ClampMax = sbyte.MaxValue,
        }, context[tensor], 0, scalarFirst: false, wide);
        return wide;
    }

    /// <summary>One and zero as the result stores them.</summary>
    private static LookupTable Table(Tensor result, Func<int, bool> holds)
    {
        AffineQuantization to = new(result.Quantization!.Scale, result.Quantization.ZeroPoint);
        int yes = (int)to.Store(1, sbyte.MinValue, sbyte.MaxValue), no = (int)to.Store(0, sbyte.MinValue, sbyte.MaxValue);
        return LookupTable.Of8([.. Enumerable.Range(sbyte.MinValue, 256).Select(q => holds(q) ? yes : no)]);
    }
}
