using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>
/// Pads with −1e9, the lowest number and the like stand for infinity: they must not stretch the range of what they surround. They
/// saturate at its end; before a softmax just below it, where they give 0.
/// </summary>
internal static class PadFills
{
    private const float MostTimesLarger = 16; // what is larger than so many times all data is no number to compute with

    /// <summary>The ranges without such fills.</summary>
    public static RangeTable Apply(Graph graph, RangeTable ranges)
    {
        var overrides = ranges.Overrides;
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not PadV2 || node.TryInput(2)?.Data is not { Type: ElementType.Float32, Count: 1 } fill
                || ranges.Find(node.Input(0), 16) is not { } data)
                continue;
            float value = fill.AsSpan<float>()[0], largest = Math.Max(Math.Abs(data.Min), Math.Abs(data.Max));
            if (Math.Abs(value) <= MostTimesLarger * largest)
                continue;
            List<Tensor> moved = Moved(graph, node.Output);
            bool isMask = moved.Exists(tensor => graph.Consumers(tensor).Any(reader => reader.Operator is Softmax));
            ValueRange narrow = (ranges.Find(node.Input(0)) ?? data).WithZero;
            if (isMask && value < 0)
                narrow = narrow with { Min = data.Min - SoftmaxMasks.Negligible };
            foreach (Tensor tensor in moved)
                overrides = overrides.SetItem(tensor.Name, narrow);
        }
        return overrides == ranges.Overrides ? ranges : ranges.With(overrides: overrides);
    }

    /// <summary>A tensor and all that hold elements of it.</summary>
    private static List<Tensor> Moved(Graph graph, Tensor tensor)
    {
        List<Tensor> all = [tensor];
        for (int i = 0; i < all.Count; i++)
            foreach (Node reader in graph.Consumers(all[i]))
                if (reader.Operator is Reshape or Transpose or Squeeze or ExpandDims or Slice or StridedSlice or Split or SplitV or Pad
                    or Pool2D { Kind: PoolKind.Max })
                    all.AddRange(reader.Outputs.Where(output => !all.Contains(output)));
        return all;
    }
}
