using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>
/// The operations of which SOFTMAX and LOG_SOFTMAX consist: on rows <c>[rows, 1, depth]</c> and on one 32-bit number per row.
/// </summary>
internal sealed class RowSteps(LoweringContext context, Node node, int rows, int depth)
{
    /// <summary>
    /// Calls <paramref name="lower"/> with input and result as rows of the last axis, so many at a time as one operation takes.
    /// </summary>
    public static void ForEach(LoweringContext context, Node node, Action<RowSteps, View, View> lower)
    {
        Tensor input = node.Input(0), output = node.Output;
        int depth = input.Shape[-1], rows = (int)(input.Shape.ElementCount / depth);
        // [rows, 1, depth]; what is left of the other axes does not matter.
        View x = context.Reshape(node, context[input], rows, 1, depth);
        View target = context[output];
        View? direct = target.TryReshape([rows, 1, depth]);
        View y = direct ?? context.Temporary(node, "result", output.Type, rows, 1, depth);
        for (int start = 0; start < rows; start += Pointwise.MaxAxis)
        {
            int count = Math.Min(Pointwise.MaxAxis, rows - start);
            lower(new(context, node, count, depth), x.Slice(0, start, count), y.Slice(0, start, count));
        }
        if (direct is null)
            context.Copy(node, y.TryReshape(target.Sizes.AsSpan())!, target);
    }

    public View Wide(string what) => Storage(what, ElementType.Int32, depth);

    public View Narrow(string what) => Storage(what, ElementType.Int32, 1);

    public View Storage(string what, ElementType type, int channels) => context.Temporary(node, what, type, rows, 1, channels);

    public View Number(int value) => context.Constant(node, value);

    public BinaryTemplate Plain(ElementwiseMode function) => new(function, node)
    {
        OfmScale = function.IsScaled() ? FixedPointScale.One : null,
    };

    public void Binary(BinaryTemplate template, View a, View b, View y) => context.Binary(template, a, b, y);

    public void WithTable(BinaryTemplate template, View a, View b, View y, LookupTable table) =>
        context.Binary(template with { OutputFunction = OutputFunction.Table, Table = table }, a, b, y);

    /// <summary>A new number per row from two others.</summary>
    public View Narrow(string what, BinaryTemplate template, View a, View b)
    {
        View y = Narrow(what);
        context.Binary(template, a, b, y);
        return y;
    }

    public View Add(string what, View a, View b) => Narrow(what, Plain(ElementwiseMode.Add), a, b);

    public View Subtract(string what, View a, View b) => Narrow(what, Plain(ElementwiseMode.Sub), a, b);

    /// <summary>a · b / 2^<paramref name="shift"/>, rounded; with 31 the high half of twice the product.</summary>
    public View Multiply(string what, View a, View b, int shift = 31) => Narrow(what, Product(shift), a, b);

    public BinaryTemplate Product(int shift) => new(ElementwiseMode.Mul, node) { OfmScale = new(1, shift) };

    /// <summary>32-bit elements times a factor.</summary>
    public void Rescale(View x, View y, FixedPointScale scale) =>
        IntegerScaling.Emit(context, node, x, y, scale, 0, ActivationRange.Of(ElementType.Int32));

    public View LeadingZeros(View x)
    {
        View y = Narrow("zeros");
        context.Emit(new(NpuOpKind.Elementwise, x.ToFeatureMap(),
            y.ToFeatureMap()) { Node = node, Function = ElementwiseMode.LeadingZeros });
        return y;
    }

    /// <summary>The largest element of each row.</summary>
    public View Largest(View x)
    {
        ActivationRange range = ActivationRange.Of(x.Type);
        View largest = Storage("largest", x.Type, 1);
        FeatureMap columns = x.Select(1, 0).Insert(2).ToFeatureMap();
        context.Emit(new(NpuOpKind.MaxPool, columns, largest.ToFeatureMap())
        {
            Node = node,
            Kernel = new(1, depth),
            ClampMin = range.Min,
            ClampMax = range.Max,
        });
        return largest;
    }

    /// <summary>
    /// A table of 32-bit numbers at the distance from the largest element; the last entry belongs to distance 0. 8-bit inputs.
    /// </summary>
    public View OfDistance(string what, View x, View largest, LookupTable table)
    {
        View y = Wide(what);
        context.Binary(
            new(ElementwiseMode.Sub, node)
            {
                OfmScale = FixedPointScale.One,
                OfmZeroPoint = 127,
                OutputFunction = OutputFunction.Table,
                Table = table,
                ClampMin = -128,
                ClampMax = 127,
            },
            x, largest, y);
        return y;
    }

    public View Sum(View values)
    {
        View sum = Narrow("sum");
        context.Emit(new(NpuOpKind.ReduceSum, values.ToFeatureMap(), sum.ToFeatureMap()) { Node = node, OfmScale = FixedPointScale.One });
        return sum;
    }

    /// <summary>1 / (2 · <paramref name="half"/>) by Newton steps; 0.5..1 without integer bits to 1..2 with two.</summary>
    public View Reciprocal(View half)
    {
        View r = Add("reciprocal", Multiply("start", half, Number(Arithmetic.Reciprocal.Slope)), Number(Arithmetic.Reciprocal.Start));
        for (int i = 0; i < Arithmetic.Reciprocal.Steps; i++)
        {
            View rest = Subtract("newton", Number(1 << 29), Multiply("newton", r, half));
            View step = Multiply("newton", Multiply("newton", r, rest), Number(4), 0);
            r = Add("reciprocal", r, step);
        }
        return r;
    }
}
