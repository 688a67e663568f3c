using EthosU.Graphs;

namespace EthosU.Optimize.Tensors;

/// <summary>Filters of grouped convolutions: CONV_2D with filters less deep than its input.</summary>
internal static class GroupedFilters
{
    /// <summary>The number of groups of a convolution; 1 for other nodes.</summary>
    public static int GroupsOf(Node node) =>
        node.Operator is Conv2D && node.Input(1).Shape[3] is > 0 and var depth ? node.Input(0).Shape[3] / depth : 1;

    /// <summary>
    /// Weights [Co, Kh, Kw, Ci / groups] as those of fewer groups, with zeros between channels that do not belong together.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="groups">Their number of groups.</param>
    /// <param name="together">So many neighbouring groups become one.</param>
    public static TensorData Merge(TensorData weights, int groups, int together)
    {
        int outputs = weights.Shape[0] / groups, depth = weights.Shape[3], taps = weights.Shape[1] * weights.Shape[2];
        ReadOnlySpan<float> values = weights.AsSpan<float>();
        var merged = new float[values.Length * together];
        for (int row = 0; row < weights.Shape[0] * taps; row++)
        {
            int place = row / taps / outputs % together;
            values.Slice(row * depth, depth).CopyTo(merged.AsSpan((row * depth * together) + (place * depth)));
        }
        return TensorData.Wrap(ElementType.Float32, weights.Shape.With(3, depth * together), merged);
    }
}
