using EthosU.Graphs;
using EthosU.Quantize.Conversion;

namespace EthosU.Quantize.Accuracy;

/// <summary>
/// Factors by which the channels of a quantized network's tensors differ from the float network's because it was equalised: without them a
/// comparison of such a tensor says nothing. They are seen from the weights, which a quantized file has, too.
/// </summary>
internal static class ChannelFactors
{
    private const double Different = 1.05, Alike = 0.1;

    /// <summary>Factors for each channel (the last axis), by the name of the tensor; tensors that are not equalised are left out.</summary>
    public static Dictionary<string, float[]> Find(Graph graph, Graph quantized)
    {
        Dictionary<string, Node> counterparts = [];
        foreach (Node node in quantized.Nodes.Where(IsWeighted))
            counterparts[node.Output.Name] = node;
        Dictionary<string, float[]> factors = [];
        foreach (Node node in graph.Nodes.Where(IsWeighted))
            if (counterparts.TryGetValue(node.Output.Name, out Node? other) && other.Operator.Code == node.Operator.Code
                && other.Input(1).Shape == node.Input(1).Shape
                && Ratios(node, other.Input(1), factors.GetValueOrDefault(node.Input(0).Name)) is { } found)
                factors[node.Output.Name] = found;
        return factors;
    }

    /// <summary>Values of the float network as the equalised one has them.</summary>
    public static TensorData Apply(TensorData value, float[] factors)
    {
        float[] scaled = value.ToFloatArray();
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] *= factors[i % factors.Length];
        return TensorData.From<float>(value.Shape, scaled);
    }

    private static bool IsWeighted(Node node) =>
        node.Operator is Conv2D or DepthwiseConv2D or FullyConnected && node.TryInput(1) is { IsConstant: true };

    private static float[]? Ratios(Node node, Tensor storedWeights, float[]? inputFactors)
    {
        float[] wanted = node.Constant(1).ToFloatArray(), got = RealValues.Of(storedWeights, storedWeights.Data!);
        Shape shape = node.Input(1).Shape;
        bool depthwise = node.Operator is DepthwiseConv2D;
        int units = shape[depthwise ? 3 : 0], perUnit = wanted.Length / Math.Max(units, 1), depth = shape[-1];
        if (inputFactors is not null && inputFactors.Length != depth)
            inputFactors = null;
        var result = new float[units];
        for (int unit = 0; unit < units; unit++)
        {
            double product = 0, square = 0, other = 0;
            for (int k = 0; k < perUnit; k++)
            {
                int i = depthwise ? (k * units) + unit : (unit * perUnit) + k;
                double w = wanted[i] / (inputFactors?[i % depth] ?? 1);
                product += w * got[i];
                square += w * w;
                other += got[i] * (double)got[i];
            }
            double ratio = square > 0 ? product / square : 1;
            bool explains = ratio > 0 && other - (ratio * product) < Alike * Alike * other; // the rest is rounding
            result[unit] = explains && (ratio > Different || ratio < 1 / Different) ? (float)ratio : 1;
        }
        return result.Any(ratio => ratio != 1) ? result : null;
    }
}
