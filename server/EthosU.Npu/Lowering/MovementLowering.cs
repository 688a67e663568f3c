using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;

namespace EthosU.Npu.Lowering;

/// <summary>Operators that only move elements (npu-operators 2.18 to 2.21, 2.25 and 2.28).</summary>
internal static class MovementLowering
{
    /// <summary>RESHAPE, SQUEEZE, EXPAND_DIMS: nothing, or a copy where input and output both belong to others.</summary>
    public static void LowerReshape(LoweringContext context, Node node)
    {
        if (context.Plan.IsView(node, node.Output) || context.Plan.IsView(node, node.Input(0)))
            return;
        View from = context[node.Input(0)], to = context[node.Output];
        if (from.IsDense && to.IsDense)
        {
            // Any shape will do for both; a row of channels is as good as another.
            long count = from.ElementCount;
            int channels = (int)Math.Min(count, 4096);
            while (count % channels != 0)
                channels--;
            context.Copy(node, from.TryReshape([(int)(count / channels), channels])!, to.TryReshape([(int)(count / channels), channels])!);
        }
        else if (from.TryReshape(to.Sizes.AsSpan()) is { } same)
            context.Copy(node, same, to);
        else if (to.TryReshape(from.Sizes.AsSpan()) is { } target)
            context.Copy(node, from, target);
        else
            context.Copy(node, context.Reshape(node, from, to.Sizes.AsSpan()), to);
    }

    /// <summary>CONCATENATION, PACK: copies of the inputs that do not lie in the output already.</summary>
    public static void LowerConcatenation(LoweringContext context, Node node)
    {
        View output = context[node.Output];
        foreach (ConcatenationPart part in ConcatenationPart.Of(node))
        {
            if (context.Plan.IsView(node, part.Input))
                continue;
            // As stored, whatever the quantizations: that is what the reference does.
            context.Copy(node, context[part.Input], part.Take(output));
        }
    }

    /// <summary>SPLIT, SPLIT_V, UNPACK, SLICE, STRIDED_SLICE: copies of the outputs that others need.</summary>
    public static void LowerSlices(LoweringContext context, Node node)
    {
        foreach (SlicePart part in SlicePart.Of(node))
        {
            if (context.Plan.IsView(node, part.Output))
                continue;
            View from = part.Take(context[part.Input]), to = context[part.Output];
            if (part.IsReversed || part.PicksChannels)
            {
                View wide = to.WithUnits(part.Count.AsSpan());
                for (int axis = 0; axis < wide.Rank - (part.PicksChannels ? 1 : 0); axis++)
                    if (part.Step[axis] < 0)
                        wide = wide.Reverse(axis);
                if (part.PicksChannels)
                    ChannelSelection.Emit(context, node, part.TakeRows(context[part.Input]), wide, part.Channels());
                else
                    context.Copy(node, from.WithUnits(part.Count.AsSpan()), wide);
            }
            else
                context.Copy(node, from, to);
        }
    }

    /// <summary>TRANSPOSE: a copy that reads along other axes, or, where only the last ones change, channels in another order.</summary>
    public static void LowerTranspose(LoweringContext context, Node node)
    {
        View from = context[node.Input(0)], to = context[node.Output];
        int[] permutation = node.Constant(1).ToInt32Array();
        if (!TryAsChannels(context, node, from, to, permutation))
            context.Copy(node, from.Permute(permutation), to);
    }

    private static bool TryAsChannels(LoweringContext context, Node node, View from, View to, int[] permutation)
    {
        int first = 0;
        while (first < permutation.Length && permutation[first] == first)
            first++;
        long channels = 1;
        foreach (int size in from.Sizes[first..])
            channels *= size;
        if (channels is <= 1 or > 4096)
            return false;
        int[] order = new int[channels], at = new int[from.Rank];
        for (int i = 0; i < order.Length; i++)
        {
            int rest = i;
            for (int axis = from.Rank - 1; axis >= first; axis--)
            {
                at[permutation[axis]] = rest % to.Sizes[axis];
                rest /= to.Sizes[axis];
            }
            for (int axis = first; axis < from.Rank; axis++)
                order[i] = (order[i] * from.Sizes[axis]) + at[axis];
        }
        int pixels = (int)(from.ElementCount / channels), last = from.Rank - 1;
        return from.TryReshape([pixels, (int)channels]) is { } source && to.TryReshape([pixels, (int)channels]) is { } target
            && ChannelSelection.TryConvolve(context, node, source, target, order,
                ChannelSelection.CyclesOfCopy(from.ElementCount, permutation[last] == last ? from.Sizes[last] : 1));
    }

    /// <summary>REVERSE_V2: a copy that is written backwards.</summary>
    public static void LowerReverse(LoweringContext context, Node node)
    {
        View from = context[node.Input(0)], to = context[node.Output];
        int[] axes = [.. node.Constant(1).ToInt32Array().Select(node.Output.Shape.NormalizeAxis)];
        int last = to.Rank - 1;
        foreach (int axis in axes.Where(axis => axis != last))
            to = to.Reverse(axis);
        if (axes.Contains(last))
            ChannelSelection.Emit(context, node, from, to, [.. Enumerable.Range(0, to.Sizes[last]).Reverse()]);
        else
            context.Copy(node, from, to);
    }

    /// <summary>DEPTH_TO_SPACE and SPACE_TO_DEPTH: copies of lines of a block's columns.</summary>
    public static void LowerBlocks(LoweringContext context, Node node, int block, bool toDepth)
    {
        View from = context[node.Input(0)], to = context[node.Output];
        (View lines, View pixels) = toDepth ? Blocks(to, from, block, block) : Blocks(from, to, block, block);
        context.Copy(node, toDepth ? pixels : lines, toDepth ? lines : pixels);
    }

    /// <summary>
    /// Blocks as channels, rows outermost, and the same blocks as pixels, with equal axes; a block's columns are one line where they lie
    /// so.
    /// </summary>
    public static (View Deep, View Flat) Blocks(View deep, View flat, int rows, int columns)
    {
        int batch = deep.Sizes[0], height = deep.Sizes[1], width = deep.Sizes[2], channels = flat.Sizes[3];
        View? pixels = flat.TryReshape([batch, height, rows, width, columns * channels]),
            lines = deep.TryReshape([batch, height, width, rows, columns * channels]);
        return pixels is not null && lines is not null ? (lines, pixels.Permute([0, 1, 3, 2, 4]))
            : (deep.TryReshape([batch, height, width, rows, columns, channels])!,
                flat.TryReshape([batch, height, rows, width, columns, channels])!.Permute([0, 1, 3, 2, 4, 5]));
    }

    /// <summary>What is there at the beginning of an axis into all that follows, by copies of all that is there already.</summary>
    public static void Repeat(LoweringContext context, Node node, View view, int axis, int have)
    {
        for (int whole = view.Sizes[axis]; have < whole;)
        {
            int count = Math.Min(have, whole - have);
            context.Copy(node, view.Slice(axis, 0, count), view.Slice(axis, have, count));
            have += count;
        }
    }

    /// <summary>TILE, BROADCAST_TO: the input first, then what is there already, axis by axis.</summary>
    public static void LowerTile(LoweringContext context, Node node)
    {
        View to = context[node.Output], from = context[node.Input(0)].WithRank(context[node.Output].Rank);
        int last = to.Rank - 1;
        if (last > 0 && from.Sizes[last] == 1 && to.Sizes[last] > 1)
        {
            View wide = context.Temporary(node, "channels", from.Type, [.. from.Sizes.SetItem(last, to.Sizes[last])]);
            ChannelSelection.Emit(context, node, from, wide, new int[to.Sizes[last]]);
            from = wide;
        }
        View corner = to;
        for (int axis = 0; axis < to.Rank; axis++)
            corner = corner.Slice(axis, 0, from.Sizes[axis]);
        context.Copy(node, from, corner);
        View done = corner;
        for (int axis = to.Rank - 1; axis >= 0; axis--)
        {
            View line = done with { Sizes = done.Sizes.SetItem(axis, to.Sizes[axis]) };
            Repeat(context, node, line, axis, from.Sizes[axis]);
            done = line;
        }
    }
}
