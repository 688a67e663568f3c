using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Passes;

/// <summary>
/// Pixel shuffle as some exporters write it (tflite-kernels 4.9) — [N, C·r·r, H, W] as [N, C, r, r, H, W], transposed to
/// [N, C, H, r, W, r], as [N, C, H·r, W·r] — becomes DEPTH_TO_SPACE; its inverse SPACE_TO_DEPTH.
/// </summary>
internal static class PixelShufflePattern
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node last in graph.Nodes)
        {
            if (last.Operator is not Reshape || last.Output.Shape.Rank != 4
                || graph.Producer(last.Input(0)) is not { Operator: Transpose } turn || !graph.HasSingleUse(turn.Output)
                || graph.Producer(turn.Input(0)) is not { Operator: Reshape } first || !graph.HasSingleUse(first.Output)
                || first.Input(0).Shape.Rank != 4 || first.Output.Shape.Rank != 6 || turn.Inputs[1]?.Data is not { } order
                || first.Input(0).IsConstant)
                continue;
            Shape from = first.Input(0).Shape, middle = first.Output.Shape, to = last.Output.Shape;
            int[] axes = order.ToInt32Array();
            if (axes.AsSpan().SequenceEqual([0, 1, 4, 2, 5, 3]) && middle[2] == middle[3] && from[1] == middle[1] * middle[2] * middle[3]
                && to[1] == middle[1] && to[0] == from[0] && from[2] == middle[4] && from[3] == middle[5] && to[2] == middle[2] * middle[4])
                Replace(patch, [first, turn, last], middle[2], middle[1], true);
            else if (axes.AsSpan().SequenceEqual([0, 1, 3, 5, 2, 4]) && middle[3] == middle[5] && from[1] == middle[1]
                && to[1] == middle[1] * middle[3] * middle[5] && to[0] == from[0] && to[2] == middle[2] && to[3] == middle[4])
                Replace(patch, [first, turn, last], middle[3], middle[1], false);
        }
        return patch.Apply();
    }

    private static void Replace(GraphPatch patch, Node[] found, int block, int channels, bool toSpace)
    {
        Tensor x = found[0].Input(0), y = found[2].Output;
        Source source = found[2].Source;
        List<Node> nodes = [];
        Tensor image = Emit(new Transpose(), x, Arrangement.ToNhwc.Apply(x.Shape), [0, 2, 3, 1]);
        // PyTorch counts a channel's block of pixels first, TensorFlow Lite a pixel's channels.
        int[] order = new int[channels * block * block];
        for (int channel = 0; channel < channels; channel++)
            for (int phase = 0; phase < block * block; phase++)
                if (toSpace)
                    order[(phase * channels) + channel] = (channel * block * block) + phase;
                else
                    order[(channel * block * block) + phase] = (phase * channels) + channel;
        if (toSpace && channels > 1)
            image = Emit(new Gather(3), image, image.Shape, order);
        Shape shape = Arrangement.ToNhwc.Apply(y.Shape);
        Tensor moved = new(patch.MakeName($"{y.Name}/pixels"), y.Type, shape);
        nodes.Add(new Node(toSpace ? new DepthToSpace(block) : new SpaceToDepth(block), [image], [moved], source));
        if (!toSpace && channels > 1)
            moved = Emit(new Gather(3), moved, shape, order);
        nodes.Add(new Node(new Transpose(), [moved, Integers([0, 3, 1, 2])], [y], source));
        patch.Remove(found[0]);
        patch.Remove(found[1]);
        patch.Replace(found[2], [.. nodes]);

        Tensor Integers(int[] values) => new(patch.MakeName($"{y.Name}/order"), TensorData.Vector<int>(values));

        Tensor Emit(Operator op, Tensor operand, Shape its, int[] values)
        {
            Tensor result = new(patch.MakeName($"{y.Name}/channels"), y.Type, its);
            nodes.Add(new Node(op, [operand, Integers(values)], [result], source));
            return result;
        }
    }
}
