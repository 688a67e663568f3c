using EthosU.Graphs;

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
            if (part.IsReversed)
            {
                View wide = to.WithUnits(part.Count.AsSpan());
                for (int axis = 0; axis < wide.Rank; axis++)
                    if (part.Step[axis] < 0)
                        wide = wide.Reverse(axis);
                context.Copy(node, from.WithUnits(part.Count.AsSpan()), wide);
            }
            else
                context.Copy(node, from, to);
        }
    }

    /// <summary>TRANSPOSE: a copy that reads along other axes.</summary>
    public static void LowerTranspose(LoweringContext context, Node node) =>
        context.Copy(node, context[node.Input(0)].Permute(node.Constant(1).ToInt32Array()), context[node.Output]);

    /// <summary>REVERSE_V2: a copy that is written backwards.</summary>
    public static void LowerReverse(LoweringContext context, Node node)
    {
        View to = context[node.Output];
        foreach (int axis in node.Constant(1).ToInt32Array())
            to = to.Reverse(node.Output.Shape.NormalizeAxis(axis));
        context.Copy(node, context[node.Input(0)], to);
    }

    /// <summary>TILE: the input first, then what is there already, axis by axis.</summary>
    public static void LowerTile(LoweringContext context, Node node)
    {
        View to = context[node.Output], from = context[node.Input(0)].WithRank(context[node.Output].Rank);
        View corner = to;
        for (int axis = 0; axis < to.Rank; axis++)
            corner = corner.Slice(axis, 0, from.Sizes[axis]);
        context.Copy(node, from, corner);
        View done = corner;
        for (int axis = to.Rank - 1; axis >= 0; axis--)
        {
            int size = from.Sizes[axis], whole = to.Sizes[axis];
            View line = done with { Sizes = done.Sizes.SetItem(axis, whole) };
            for (int have = size; have < whole;)
            {
                int count = Math.Min(have, whole - have);
                context.Copy(node, line.Slice(axis, 0, count), line.Slice(axis, have, count));
                have += count;
            }
            done = line;
        }
    }
}
