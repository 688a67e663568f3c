using EthosU.Graphs;

namespace EthosU.Npu.Lowering;

/// <summary>
/// SPACE_TO_BATCH_ND, convolution, BATCH_TO_SPACE_ND: how some exporters write a dilated convolution. They become padding and a dilated
/// convolution again (npu-operators, section 2.2.9).
/// </summary>
internal static class DilationRewrite
{
    /// <summary>The graph with dilated convolutions, and for each node that disappeared the convolution that does its work.</summary>
    public static (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed) Apply(Graph graph)
    {
        GraphPatch patch = new(graph);
        Dictionary<Node, Node> absorbed = [];
        foreach (Node split in graph.Nodes)
            if (split.Operator is SpaceToBatchNd && Match(graph, split) is var (convolution, join))
                Rewrite(patch, absorbed, split, convolution, join);
        return absorbed.Count == 0 ? (graph, absorbed) : (patch.Apply(), absorbed);
    }

    private static (Node Convolution, Node Join)? Match(Graph graph, Node split)
    {
        if (!graph.HasSingleUse(split.Output) || split.Input(0).Shape.Rank != 4 || split.TryInput(1)?.Data is not { Count: 2 } || split.TryInput(2)?.Data is not { Count: 4 })
            return null;
        Node convolution = graph.Consumers(split.Output)[0];
        if (!Suits(convolution.Operator) || convolution.TryInput(0) != split.Output || !graph.HasSingleUse(convolution.Output) || !convolution.Input(1).IsConstant)
            return null;
        Node join = graph.Consumers(convolution.Output)[0];
        return join.Operator is BatchToSpaceNd && join.TryInput(1)?.Data is { Count: 2 } blocks && join.TryInput(2)?.Data is { Count: 4 }
            && blocks.ToInt32Array().AsSpan().SequenceEqual(split.Constant(1).ToInt32Array())
            && Equals(split.Input(0).Quantization, split.Output.Quantization) && Equals(convolution.Output.Quantization, join.Output.Quantization)
            ? (convolution, join) : null;
    }

    private static bool Suits(Operator op) => op
        is Conv2D { StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1 }
        or DepthwiseConv2D { StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1 };

    private static void Rewrite(GraphPatch patch, Dictionary<Node, Node> absorbed, Node split, Node convolution, Node join)
    {
        Tensor input = split.Input(0), output = join.Output, filter = convolution.Input(1);
        int[] blocks = split.Constant(1).ToInt32Array(), paddings = split.Constant(2).ToInt32Array(), crops = join.Constant(2).ToInt32Array();
        bool same = convolution.Operator is Conv2D { Padding: Padding.Same } or DepthwiseConv2D { Padding: Padding.Same };
        var amounts = new int[8];
        for (int axis = 0; axis < 2; axis++)
        {
            int taps = filter.Shape[1 + axis] - 1;
            int before = paddings[2 * axis] + (same ? taps / 2 * blocks[axis] : 0) - crops[2 * axis];
            int after = output.Shape[1 + axis] - input.Shape[1 + axis] - before + (taps * blocks[axis]);
            if (before < 0 || after < 0)
                return;
            (amounts[2 + (2 * axis)], amounts[3 + (2 * axis)]) = (before, after);
        }
        List<Node> nodes = [];
        Tensor source = input;
        if (amounts.Any(amount => amount != 0))
        {
            source = new(patch.MakeName(split.Output.Name), input.Type,
                input.Shape.With(1, input.Shape[1] + amounts[2] + amounts[3]).With(2, input.Shape[2] + amounts[4] + amounts[5]), input.Quantization);
            Tensor constant = new(patch.MakeName($"{split.Output.Name}/paddings"), TensorData.From<int>([4, 2], amounts));
            nodes.Add(new(new Pad(), [input, constant], [source], split.Source));
        }
        Operator dilated = convolution.Operator switch
        {
            Conv2D op => op with { Padding = Padding.Valid, DilationHeight = blocks[0], DilationWidth = blocks[1] },
            DepthwiseConv2D op => op with { Padding = Padding.Valid, DilationHeight = blocks[0], DilationWidth = blocks[1] },
            _ => convolution.Operator,
        };
        Node result = new(dilated, convolution.Inputs.SetItem(0, source), [output], convolution.Source);
        nodes.Add(result);
        patch.Remove(split);
        patch.Replace(convolution, [.. nodes]);
        patch.Remove(join);
        foreach (Node node in new[] { split, convolution, join })
            absorbed.Add(node, result);
    }
}
