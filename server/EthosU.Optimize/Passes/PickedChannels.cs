using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>
/// GATHER of constant channels behind a convolution or linear layer, or in front of a convolution, moves into its weights (tflite-kernels
/// 4.9).
/// </summary>
internal static class PickedChannels
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node gather in graph.Nodes)
        {
            if (gather is not { Operator: Gather { BatchDims: 0 } op, Inputs: [{ IsConstant: false } x, { Data: { } indices }] }
                || indices.Shape.Rank != 1 || x.Shape.Rank == 0 || x.Shape.NormalizeAxis(op.Axis) != x.Shape.Rank - 1
                || Picks(indices, x.Shape[-1]) is not { } picks || patch.Touches(gather))
                continue;
            if (graph.Producer(x) is { Operator: Conv2D or FullyConnected } before && graph.HasSingleUse(x) && !patch.Touches(before)
                && before.TryInput(1)?.Data is { Type: ElementType.Float32 } weights && weights.Shape[0] == x.Shape[-1]
                && (before.TryInput(2) is null || before.TryInput(2)?.Data is { Type: ElementType.Float32 }))
            {
                Node picked = before.WithInputs(before.Inputs.SetItem(1, Constant(patch, before.Input(1), Rows(weights, picks))))
                    .WithOutputs([gather.Output]);
                if (before.TryInput(2) is { Data: { } bias } offset)
                    picked = picked.WithInputs(picked.Inputs.SetItem(2, Constant(patch, offset, Rows(bias, picks))));
                patch.Remove(before);
                patch.Replace(gather, picked);
            }
            else if (graph.HasSingleUse(gather.Output) && graph.Consumers(gather.Output) is [{ Operator: Conv2D } behind]
                && behind.Input(0) == gather.Output && !patch.Touches(behind)
                && behind.TryInput(1)?.Data is { Type: ElementType.Float32 } filter && filter.Shape[3] == picks.Length)
            {
                patch.Remove(gather);
                patch.Replace(behind, behind.WithInputs(behind.Inputs.SetItem(0, x)
                    .SetItem(1, Constant(patch, behind.Input(1), Spread(filter, picks, x.Shape[-1])))));
            }
        }
        return patch.Apply();
    }

    private static int[]? Picks(TensorData indices, int channels)
    {
        long[] values = [.. indices.ToInt64Array().Select(value => value < 0 ? value + channels : value)];
        return values.Length > 0 && values.All(value => value >= 0 && value < channels) ? [.. values.Select(value => (int)value)] : null;
    }

    private static Tensor Constant(GraphPatch patch, Tensor old, TensorData data) => new(patch.MakeName(old.Name), data);

    /// <summary>The weights of the picked output channels.</summary>
    private static TensorData Rows(TensorData data, int[] picks)
    {
        int size = data.Count / data.Shape[0];
        float[] values = data.ToFloatArray(), rows = new float[picks.Length * size];
        for (int i = 0; i < picks.Length; i++)
            values.AsSpan(picks[i] * size, size).CopyTo(rows.AsSpan(i * size));
        return TensorData.From<float>(new(data.Shape.Sizes.SetItem(0, picks.Length)), rows);
    }

    /// <summary>Weights for all input channels: those of the channel that each pick was, which add up where it was picked twice.</summary>
    private static TensorData Spread(TensorData data, int[] picks, int channels)
    {
        int taps = data.Count / picks.Length;
        float[] values = data.ToFloatArray(), spread = new float[taps * channels];
        for (int tap = 0; tap < taps; tap++)
            for (int i = 0; i < picks.Length; i++)
                spread[(tap * channels) + picks[i]] += values[(tap * picks.Length) + i];
        return TensorData.From<float>(new(data.Shape.Sizes.SetItem(3, channels)), spread);
    }
}
