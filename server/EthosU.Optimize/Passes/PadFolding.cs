using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>
/// A PAD becomes the padding SAME of the window operator behind it where that is equal (tflite-kernels 4.3); otherwise
/// it is cut to what windows reach. Two PAD in a row become one.
/// </summary>
internal static class PadFolding
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (patch.Touches(node))
                continue;
            if (node.Operator is PadV2 && node.TryInput(2)?.Data is { } value
                && (Operands.Single(value) == 0 || IsHidden(graph, node, value)))
                PadWithZeros(patch, node, value);
            else if (node.Operator is Pad)
                MergePads(graph, patch, node);
            else if (Window.Of(node) is { } window && graph.Producer(node.Input(0)) is { Operator: Pad or PadV2 } pad
                && !patch.Touches(pad))
                Fold(graph, patch, node, window, pad);
        }
        return patch.Apply();
    }

    /// <summary>True if only maxima read the border and the image itself is never below 0, so that 0 is as good as less.</summary>
    private static bool IsHidden(Graph graph, Node pad, TensorData value) =>
        Operands.Single(value) < 0 && NonNegative.IsCertain(graph, pad.Input(0)) && !graph.IsOutput(pad.Output)
        && graph.Consumers(pad.Output).All(node => node.Operator is Pool2D { Kind: PoolKind.Max, Padding: Padding.Valid });

    private static void PadWithZeros(GraphPatch patch, Node node, TensorData value)
    {
        Tensor output = node.Output;
        if (Operands.Single(value) != 0 && output.Origin is not null) // no longer the source model's value
        {
            output = output.WithOrigin(null);
            patch.Redirect(node.Output, output);
        }
        patch.Replace(node, new Node(new Pad(), [node.Input(0), node.Input(1)], [output], node.Source));
    }

    private static void MergePads(Graph graph, GraphPatch patch, Node node)
    {
        if (graph.Producer(node.Input(0)) is not { Operator: Pad } first || patch.Touches(first) || !graph.HasSingleUse(first.Output)
            || first.TryInput(1)?.Data is not { } a || node.TryInput(1)?.Data is not { } b)
            return;
        int[] sum = [.. a.ToInt32Array().Zip(b.ToInt32Array(), (x, y) => x + y)];
        Tensor paddings = new(patch.MakeName($"{node.Output.Name}/paddings"), TensorData.From<int>(b.Shape, sum));
        patch.Remove(first);
        patch.Replace(node, node.WithInputs([first.Input(0), paddings]));
    }

    private static void Fold(Graph graph, GraphPatch patch, Node node, Window window, Node pad)
    {
        if (window.Padding != Padding.Valid || pad.TryInput(1)?.Data is not { } data || !ValueSuits(graph, node, pad))
            return;
        int[] paddings = data.ToInt32Array();
        Shape image = pad.Input(0).Shape, output = node.Output.Shape;
        if (image.Rank != 4 || paddings[0] + paddings[1] + paddings[6] + paddings[7] != 0)
            return;
        bool average = node.Operator is Pool2D { Kind: not PoolKind.Max }; // SAME does not count the border
        if (!average && window.IsSame(image, output, paddings[2], paddings[4]))
        {
            patch.Replace(node, node.WithOperator(window.WithSame()).WithInputs(node.Inputs.SetItem(0, pad.Input(0))));
            return;
        }
        int[] needed = [.. paddings];
        needed[3] = window.NeededAfter(image, output, 0, paddings[2]);
        needed[5] = window.NeededAfter(image, output, 1, paddings[4]);
        if (needed.SequenceEqual(paddings) || !graph.HasSingleUse(pad.Output) || needed[3] > paddings[3] || needed[5] > paddings[5])
            return;
        Tensor cut = new(patch.MakeName($"{pad.Output.Name}/paddings"), TensorData.From<int>(data.Shape, needed));
        Tensor smaller = new Tensor(pad.Output.Name, pad.Output.Type,
            [image[0], image[1] + needed[2] + needed[3], image[2] + needed[4] + needed[5], image[3]]);
        patch.Replace(pad, pad.WithInputs(pad.Inputs.SetItem(1, cut)).WithOutputs([smaller]));
        patch.Replace(node, node.WithInputs(node.Inputs.SetItem(0, smaller)));
    }

    /// <summary>Zeros suit convolutions and means; maxima need a border below everything, or zeros beside nothing negative.</summary>
    private static bool ValueSuits(Graph graph, Node node, Node pad) => (node.Operator, pad.Operator) switch
    {
        (Pool2D { Kind: PoolKind.Max }, PadV2) => Operands.Single(pad.TryInput(2)?.Data) <= float.MinValue,
        (Pool2D { Kind: PoolKind.Max }, _) => NonNegative.IsCertain(graph, pad.Input(0)),
        (_, PadV2) => false,
        _ => true,
    };
}
