using EthosU.Graphs;

namespace EthosU.Npu.Rewrites;

/// <summary>
/// SPACE_TO_BATCH_ND, convolution, BATCH_TO_SPACE_ND: how some exporters write a dilated convolution. They become padding and a dilated
/// convolution again (npu-operators 2.2.9). A one-dimensional convolution has an axis of size 1 put in before it and taken out behind.
/// </summary>
internal static class DilationRewrite
{
    /// <summary>The graph with dilated convolutions, and for each node that disappeared the convolution that does its work.</summary>
    public static (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed) Apply(Graph graph)
    {
        GraphPatch patch = new(graph);
        Dictionary<Node, Node> absorbed = [];
        foreach (Node split in graph.Nodes)
            if (split.Operator is SpaceToBatchNd && (Match(graph, split) ?? MatchFlat(graph, split)) is { } pattern)
                Rewrite(patch, absorbed, pattern);
        return absorbed.Count == 0 ? (graph, absorbed) : (patch.Apply(), absorbed);
    }

    private static Pattern? Match(Graph graph, Node split)
    {
        if (split.Input(0).Shape.Rank != 4 || split.TryInput(1)?.Data is not { Count: 2 } || split.TryInput(2)?.Data is not { Count: 4 }
            || Follower(graph, split) is not { } convolution || !IsPlain(convolution) || Follower(graph, convolution) is not { } join
            || !Closes(split, join) || !Equals(convolution.Output.Quantization, join.Output.Quantization))
            return null;
        return new(split, convolution, join, [], split.Constant(1).ToInt32Array(), split.Constant(2).ToInt32Array(),
            join.Constant(2).ToInt32Array(),
            split.Input(0).Shape, join.Output.Shape);
    }

    /// <summary>The same over one axis: [N, T, C] becomes [N, 1, T, C] or [N, T, 1, C] for the convolution, and [N, T, C] again.</summary>
    private static Pattern? MatchFlat(Graph graph, Node split)
    {
        if (split.Input(0).Shape.Rank != 3 || split.TryInput(1)?.Data is not { Count: 1 } || split.TryInput(2)?.Data is not { Count: 2 }
            || Follower(graph, split) is not { Operator: ExpandDims or Reshape } widen || Follower(graph, widen) is not { } convolution
            || !IsPlain(convolution)
            || Follower(graph, convolution) is not { Operator: Squeeze or Reshape } narrow || Follower(graph, narrow) is not { } join
            || !Closes(split, join))
            return null;
        if (!Equals(split.Output.Quantization, widen.Output.Quantization)
            || !Equals(convolution.Output.Quantization, narrow.Output.Quantization)
            || !Equals(narrow.Output.Quantization, join.Output.Quantization))
            return null;
        for (int unit = 1; unit <= 2; unit++)
        {
            if (widen.Output.Shape != WithUnit(split.Output.Shape, unit) || convolution.Output.Shape != WithUnit(narrow.Output.Shape, unit))
                continue;
            int block = split.Constant(1).ToInt32Array()[0];
            int[] padding = split.Constant(2).ToInt32Array(), crops = join.Constant(2).ToInt32Array();
            return new(split, convolution, join, [widen, narrow], unit == 1 ? [1, block] : [block, 1],
                unit == 1 ? [0, 0, .. padding] : [.. padding, 0, 0], unit == 1 ? [0, 0, .. crops] : [.. crops, 0, 0],
                WithUnit(split.Input(0).Shape, unit), WithUnit(join.Output.Shape, unit));
        }
        return null;
    }

    private static Shape WithUnit(Shape shape, int axis) => new(shape.Sizes.Insert(axis, 1));

    /// <summary>The only reader of a node's result, as its first operand.</summary>
    private static Node? Follower(Graph graph, Node node) =>
        graph.HasSingleUse(node.Output) && graph.Consumers(node.Output)[0] is var next && next.TryInput(0) == node.Output ? next : null;

    private static bool IsPlain(Node node) => node.Input(1).IsConstant && node.Operator
        is Conv2D { StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1 }
        or DepthwiseConv2D { StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1 };

    private static bool Closes(Node split, Node join) =>
        join.Operator is BatchToSpaceNd && join.TryInput(1)?.Data is { } blocks && join.TryInput(2)?.Data is { } crops
        && blocks.ToInt32Array().AsSpan().SequenceEqual(split.Constant(1).ToInt32Array()) && crops.Count == split.Constant(2).Count
        && Equals(split.Input(0).Quantization, split.Output.Quantization);

    private static void Rewrite(GraphPatch patch, Dictionary<Node, Node> absorbed, Pattern pattern)
    {
        (Node split, Node convolution, Node join, Node[] views, int[] blocks, int[] paddings, int[] crops, Shape inputShape,
            Shape outputShape) = pattern;
        Tensor input = split.Input(0), output = join.Output, filter = convolution.Input(1);
        bool same = convolution.Operator is Conv2D { Padding: Padding.Same } or DepthwiseConv2D { Padding: Padding.Same };
        var amounts = new int[8];
        for (int axis = 0; axis < 2; axis++)
        {
            int taps = filter.Shape[1 + axis] - 1;
            int before = paddings[2 * axis] + (same ? taps / 2 * blocks[axis] : 0) - crops[2 * axis];
            int after = outputShape[1 + axis] - inputShape[1 + axis] - before + (taps * blocks[axis]);
            if (before < 0 || after < 0)
                return;
            (amounts[2 + (2 * axis)], amounts[3 + (2 * axis)]) = (before, after);
        }
        List<Node> nodes = [];
        Tensor source = input;
        if (views.Length > 0)
            source = View(input, inputShape, patch.MakeName($"{split.Output.Name}/input"), views[0].Source);
        if (amounts.Any(amount => amount != 0))
        {
            Tensor padded = new(patch.MakeName(split.Output.Name), input.Type,
                inputShape.With(1, inputShape[1] + amounts[2] + amounts[3]).With(2, inputShape[2] + amounts[4] + amounts[5]),
                input.Quantization);
            Tensor constant = new(patch.MakeName($"{split.Output.Name}/paddings"), TensorData.From<int>([4, 2], amounts));
            nodes.Add(new(new Pad(), [source, constant], [padded], split.Source));
            source = padded;
        }
        Operator dilated = convolution.Operator switch
        {
            Conv2D op => op with { Padding = Padding.Valid, DilationHeight = blocks[0], DilationWidth = blocks[1] },
            DepthwiseConv2D op => op with { Padding = Padding.Valid, DilationHeight = blocks[0], DilationWidth = blocks[1] },
            _ => convolution.Operator,
        };
        Tensor result = views.Length > 0 ? new(patch.MakeName(convolution.Output.Name), output.Type, outputShape, output.Quantization)
            : output;
        Node convolved = new(dilated, convolution.Inputs.SetItem(0, source), [result], convolution.Source);
        nodes.Add(convolved);
        if (views.Length > 0)
            nodes.Add(Reshaped(result, output, views[1].Source));
        patch.Remove(split);
        patch.Replace(convolution, [.. nodes]);
        patch.Remove(join);
        foreach (Node view in views)
            patch.Remove(view);
        foreach (Node node in (Node[])[split, convolution, join, .. views])
            absorbed.Add(node, convolved);

        Tensor View(Tensor from, Shape shape, string name, Source by)
        {
            Tensor view = new(name, from.Type, shape, from.Quantization);
            nodes.Add(Reshaped(from, view, by));
            return view;
        }

        Node Reshaped(Tensor from, Tensor to, Source by) =>
            new(new Reshape(), [from, new Tensor(patch.MakeName($"{to.Name}/shape"), TensorData.Vector<int>([.. to.Shape]))], [to], by);
    }

    /// <summary>What was found; paddings, crops and shapes with four axes.</summary>
    private sealed record Pattern(
        Node Split, Node Convolution, Node Join, Node[] Views, int[] Blocks, int[] Paddings, int[] Crops, Shape InputShape,
        Shape OutputShape);
}
