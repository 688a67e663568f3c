using EthosU.Graphs;
using EthosU.Npu.Commands;

namespace EthosU.Npu.Lowering;

/// <summary>SOFTMAX over the last axis (npu-operators, section 2.24).</summary>
internal static class SoftmaxLowering
{
    public static void Lower(LoweringContext context, Node node, Softmax op)
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
            Steps steps = new(context, node, count, depth);
            if (input.Type == ElementType.Int16)
                steps.Lower16(x.Slice(0, start, count), y.Slice(0, start, count), input.Quantization!.Scale, op.Beta);
            else
                steps.Lower8(x.Slice(0, start, count), y.Slice(0, start, count), input.Quantization!.Scale, op.Beta, output.Quantization!.ZeroPoint);
        }
        if (direct is null)
            context.Copy(node, y.TryReshape(target.Sizes.AsSpan())!, target);
    }

    private sealed class Steps(LoweringContext context, Node node, int rows, int depth)
    {
        /// <summary>8-bit inputs, 8- or 16-bit results.</summary>
        public void Lower8(View x, View y, float scale, float beta, int zeroPoint)
        {
            ActivationRange range = ActivationRange.Of(x.Type);
            View largest = Largest(x, range);
            View e = Wide("exp", depth);
            context.Binary(
                new(ElementwiseMode.Sub, node)
                {
                    OfmScale = FixedScale.Unit,
                    OfmZeroPoint = 127,
                    OutputFunction = OutputFunction.Table,
                    Table = Tables.SoftmaxExp((double)beta * scale),
                    ClampMin = -128,
                    ClampMax = 127,
                },
                x, largest, e);
            View rescaled = Wide("exp12", depth);
            context.Binary(Plain(ElementwiseMode.ShiftRight) with { Rounding = NpuRounding.Natural }, e, Number(12), rescaled);
            View sum = Sum(rescaled);
            View zeros = Narrow("zeros");
            Unary(ElementwiseMode.LeadingZeros, sum, zeros);
            int bits = y.Type == ElementType.Int16 ? 16 : 8;
            View shift = Narrow("shift"), one = Narrow("headroom"), d = Narrow("denominator");
            context.Binary(Plain(ElementwiseMode.Sub), Number(12 + 31 - bits), zeros, shift);
            context.Binary(Plain(ElementwiseMode.Sub), zeros, Number(1), one);
            context.Binary(Plain(ElementwiseMode.ShiftLeft), sum, one, d);
            // 1 / d by three Newton steps.
            View product = Narrow("start");
            context.Binary(Product(31), d, Number(-1010580540), product);
            View r = Narrow("reciprocal");
            context.Binary(Plain(ElementwiseMode.Add), product, Number(1515870810), r);
            for (int i = 0; i < 3; i++)
            {
                View a = Narrow("newton"), b = Narrow("newton"), c = Narrow("newton"), q = Narrow("newton"), next = Narrow("reciprocal");
                context.Binary(Product(31), r, d, a);
                context.Binary(Plain(ElementwiseMode.Sub), Number(1 << 29), a, b);
                context.Binary(Product(31), r, b, c);
                context.Binary(Product(0), c, Number(4), q);
                context.Binary(Plain(ElementwiseMode.Add), r, q, next);
                r = next;
            }
            View scaled = Wide("scaled", depth);
            context.Binary(Product(30), e, r, scaled);
            BinaryTemplate last = Plain(ElementwiseMode.ShiftRight) with { Rounding = NpuRounding.Natural };
            if (bits == 8)
            {
                context.Binary(last with { OfmZeroPoint = zeroPoint, ClampMin = ActivationRange.Of(y.Type).Min, ClampMax = ActivationRange.Of(y.Type).Max }, scaled, shift, y);
                return;
            }
            View shifted = Wide("shifted", depth);
            context.Binary(last, scaled, shift, shifted);
            context.Binary(Plain(ElementwiseMode.Add), shifted, Number(-32768), y);
        }

        /// <summary>16-bit inputs and results.</summary>
        public void Lower16(View x, View y, float scale, float beta)
        {
            View largest = Largest(x, ActivationRange.Of(x.Type));
            View difference = Wide("difference", depth), scaled = Wide("scaled", depth);
            context.Binary(Plain(ElementwiseMode.Sub), x, largest, difference);
            IntegerScaling.Emit(context, node, difference, scaled, FixedScale.From((double)scale * beta / (10.0 / 65535)), 0, ActivationRange.Of(ElementType.Int32));
            View e = context.Temporary(node, "exp", ElementType.Int16, rows, 1, depth);
            WithTable(Plain(ElementwiseMode.Add), scaled, Number(32767), e, Tables.Of16(10.0 / 65535, 32767, 2.0 / 65535, Math.Exp));
            View sum = Sum(e);
            View zeros = Narrow("zeros"), shift = Narrow("shift"), one = Narrow("one"), rest = Narrow("rest"), left = Narrow("left"), right = Narrow("right");
            Unary(ElementwiseMode.LeadingZeros, sum, zeros);
            context.Binary(Plain(ElementwiseMode.Sub), Number(31), zeros, shift);
            context.Binary(Plain(ElementwiseMode.ShiftLeft), Number(1), shift, one);
            context.Binary(Plain(ElementwiseMode.Sub), sum, one, rest);
            context.Binary(Plain(ElementwiseMode.ShiftLeft), rest, zeros, left);
            context.Binary(Plain(ElementwiseMode.ShiftRight) with { Rounding = NpuRounding.Natural }, left, Number(15), right);
            View reciprocal = context.Temporary(node, "reciprocal", ElementType.Int16, rows, 1, 1);
            WithTable(Plain(ElementwiseMode.Sub), right, Number(32768), reciprocal, Tables.Of16(1.0 / 65535, -32768, 2.0 / 65535, v => 1 / (1 + v)));
            View product = Wide("product", depth);
            context.Binary(Plain(ElementwiseMode.Mul), e, reciprocal, product);
            context.Binary(Plain(ElementwiseMode.ShiftRight) with { Rounding = NpuRounding.Natural }, product, shift, y);
        }

        private View Wide(string what, int channels) => context.Temporary(node, what, ElementType.Int32, rows, 1, channels);

        private View Narrow(string what) => Wide(what, 1);

        private View Number(int value) => context.Constant(node, value);

        private BinaryTemplate Plain(ElementwiseMode function) => new(function, node)
        {
            OfmScale = function.IsScaled() ? FixedScale.Unit : null,
        };

        private BinaryTemplate Product(int shift) => new(ElementwiseMode.Mul, node) { OfmScale = new(1, shift) };

        private void WithTable(BinaryTemplate template, View a, View b, View y, LookupTable table) =>
            context.Binary(template with { OutputFunction = OutputFunction.Table, Table = table }, a, b, y);

        private void Unary(ElementwiseMode function, View x, View y) =>
            context.Emit(new(NpuOpKind.Elementwise, x.ToFeatureMap(), y.ToFeatureMap()) { Node = node, Function = function });

        private View Largest(View x, ActivationRange range)
        {
            View largest = context.Temporary(node, "largest", x.Type, rows, 1, 1);
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

        private View Sum(View values)
        {
            View sum = Narrow("sum");
            context.Emit(new(NpuOpKind.ReduceSum, values.ToFeatureMap(), sum.ToFeatureMap()) { Node = node, OfmScale = FixedScale.Unit });
            return sum;
        }
    }
}
