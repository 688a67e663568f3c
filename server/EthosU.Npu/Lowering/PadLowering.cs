using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>PAD, PADV2 and MIRROR_PAD (npu-operators 2.20).</summary>
internal static class PadLowering
{
    /// <summary>Where the input's elements lie in the output.</summary>
    public static View Inner(Node node, View output)
    {
        int[,] amounts = PadFusion.Amounts(node);
        for (int axis = 0; axis < output.Rank; axis++)
            output = output.Slice(axis, amounts[axis, 0], node.Input(0).Shape[axis]);
        return output;
    }

    /// <summary>What PAD puts around its input: real zero, but stored 0 in 16 bits whatever the zero point.</summary>
    public static int Value(Node node) => node.Output.Type == ElementType.Int16 ? 0 : node.Output.Quantization?.ZeroPoint ?? 0;

    /// <summary>Copies the input into the middle and a constant around it.</summary>
    public static void Lower(LoweringContext context, Node node, long value)
    {
        if (context.Plan.IsFusedPad(node))
            return;
        View output = context[node.Output];
        if (!context.Plan.IsView(node, node.Input(0)))
            context.Copy(node, context[node.Input(0)], Inner(node, output));
        int[,] amounts = PadFusion.Amounts(node);
        View rest = output;
        for (int axis = 0; axis < output.Rank; axis++)
        {
            int before = amounts[axis, 0], size = node.Input(0).Shape[axis], after = amounts[axis, 1];
            if (before > 0)
                Fill(context, node, rest.Slice(axis, 0, before), value);
            if (after > 0)
                Fill(context, node, rest.Slice(axis, before + size, after), value);
            rest = rest.Slice(axis, before, size);
        }
    }

    /// <summary>Copies the input into the middle, then mirrors it axis by axis, each over what the axes before have made.</summary>
    public static void LowerMirror(LoweringContext context, Node node, MirrorPad op)
    {
        View output = context[node.Output];
        context.Copy(node, context[node.Input(0)], Inner(node, output));
        int[,] amounts = PadFusion.Amounts(node);
        int offset = op.Symmetric ? 0 : 1;
        View region = Inner(node, output);
        for (int axis = 0; axis < output.Rank; axis++)
        {
            int before = amounts[axis, 0], size = node.Input(0).Shape[axis], after = amounts[axis, 1];
            // Along this axis: the whole output; along later ones: the middle only.
            View line = region with
            {
                Sizes = region.Sizes.SetItem(axis, output.Sizes[axis]),
                Offset = region.Offset - (before * region.Strides[axis]),
            };
            if (before > 0)
                context.Copy(node, line.Slice(axis, before + offset, before), line.Slice(axis, 0, before).Reverse(axis));
            if (after > 0)
                context.Copy(node, line.Slice(axis, before + size - offset - after, after),
                    line.Slice(axis, before + size, after).Reverse(axis));
            region = line;
        }
    }

    /// <summary>A copy of [H, W, C] with rows and columns of one value around it, for padding that the registers do not hold.</summary>
    public static View Surround(LoweringContext context, Node node, View input, NpuPadding padding, int value)
    {
        int height = input.Sizes[0], width = input.Sizes[1];
        View output = context
            .Temporary(node, "padded", input.Type, height + padding.Top + padding.Bottom, width + padding.Left + padding.Right,
            input.Sizes[2]);
        View rows = output.Slice(0, padding.Top, height);
        context.Copy(node, input, rows.Slice(1, padding.Left, width));
        Fill(context, node, output.Slice(0, 0, padding.Top), value);
        Fill(context, node, output.Slice(0, padding.Top + height, padding.Bottom), value);
        Fill(context, node, rows.Slice(1, 0, padding.Left), value);
        Fill(context, node, rows.Slice(1, padding.Left + width, padding.Right), value);
        return output;
    }

    private static void Fill(LoweringContext context, Node node, View target, long value)
    {
        if (target.ElementCount == 0)
            return;
        context.Copy(node, context.Filled(node, "padding", target.Type, target.Sizes, value), target);
    }
}
