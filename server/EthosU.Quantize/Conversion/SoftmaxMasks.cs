using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>
/// Masks of minus infinity, −1e9 and the like before a softmax: whatever lies so far below all logits gives 0, so the masked values
/// saturate just below the logits instead of stretching the range of all of them.
/// </summary>
internal static class SoftmaxMasks
{
    /// <summary>Logits that lie so far below the others count for nothing.</summary>
    public const float Negligible = 12; // e^−12 is a fiftieth of an int8 probability's step

    /// <summary>The graph with masks no lower than they need be, and the ranges of what they are added to or selected with.</summary>
    public static (Graph Graph, RangeTable Ranges) Apply(Graph graph, RangeTable ranges)
    {
        GraphPatch patch = new(graph);
        var overrides = ranges.Overrides;
        foreach (Node node in graph.Nodes)
        {
            if (Operands(node) is not { } operands || LogitsOnly(graph, node.Output) is not { } logits)
                continue;
            foreach ((int mask, int x) in new[] { operands, (operands.Second, operands.First) })
            {
                if (node.Input(x).IsConstant || ranges.Find(node.Input(x)) is not { } range)
                    continue;
                bool adds = node.Operator is Binary;
                float floor = range.Min - Negligible, lowest = adds ? floor - range.Max : floor;
                if (Extent(node.Input(mask), ranges) is not { } known || !(known.Min < lowest))
                    continue;
                ValueRange result = new(Math.Min(floor, 0), adds ? range.Max + Math.Max(known.Max, 0) : Math.Max(range.Max, known.Max));
                foreach (Tensor tensor in logits)
                    overrides = overrides.SetItem(tensor.Name, result);
                if (node.Input(mask).Data is { } data)
                    patch.Replace(node, node.WithInputs(node.Inputs.SetItem(mask, new Tensor(patch.MakeName(node.Input(mask).Name),
                        TensorData.From<float>(data.Shape, Array.ConvertAll(data.ToFloatArray(), value => Math.Max(value, lowest)))))));
                else if (graph.HasSingleUse(node.Input(mask)))
                    overrides = overrides.SetItem(node.Input(mask).Name, new(lowest, Math.Max(known.Max, 0)));
                break;
            }
        }
        return (patch.Apply(), ranges.With(overrides: overrides));
    }

    private static (int First, int Second)? Operands(Node node) => node.Operator switch
    {
        Binary { Kind: BinaryKind.Add, Activation: FusedActivation.None } => (0, 1),
        Select or SelectV2 => (1, 2),
        _ => null,
    };

    /// <summary>The smallest and the largest value of a mask; the smallest may be minus infinity.</summary>
    private static ValueRange? Extent(Tensor mask, RangeTable ranges)
    {
        if (mask.Data is not { Type: ElementType.Float32 } data)
            return mask.IsConstant ? null : ranges.Find(mask, 16);
        float[] values = data.ToFloatArray();
        float[] seen = [.. values.Where(value => Math.Abs(value) < ValueHistogram.Huge)];
        return values.Length == 0 || values.Any(value => float.IsNaN(value) || value >= ValueHistogram.Huge)
            ? null
            : new(values.Min(), seen.Length == 0 ? 0 : seen.Max());
    }

    /// <summary>A tensor and its copies in other shapes and orders, if all that reads them is softmax; null otherwise.</summary>
    private static ImmutableArray<Tensor>? LogitsOnly(Graph graph, Tensor tensor)
    {
        ImmutableArray<Tensor> all = [tensor];
        for (int i = 0; i < all.Length; i++)
        {
            if (graph.IsOutput(all[i]) || graph.Consumers(all[i]).IsEmpty)
                return null;
            foreach (Node consumer in graph.Consumers(all[i]))
            {
                if (consumer.Operator is Reshape or Transpose or Squeeze or ExpandDims)
                    all = all.Add(consumer.Output);
                else if (consumer.Operator is not Softmax)
                    return null;
            }
        }
        return all;
    }
}
