using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;

namespace EthosU.Quantize.Accuracy;

/// <summary>Ranks layers by the error that they add, and says what to do about it.</summary>
internal static class LayerAdvice
{
    private const double Concern = 30, Alarm = 20; // dB

    /// <summary>Findings on the layers that lose most, worst first; none where all is well.</summary>
    public static ImmutableArray<Finding> Rank(Graph graph, IEnumerable<TensorAccuracy> tensors, int count)
    {
        Dictionary<string, Node> producers = graph.Nodes.SelectMany(node => node.Outputs.Select(output => (output.Name, node))).ToDictionary(p => p.Name, p => p.node);
        return [.. tensors.Where(tensor => (tensor.LayerSqnr ?? tensor.Sqnr) < Concern && tensor.Operator is not ("DEQUANTIZE" or "RESHAPE"))
            .OrderBy(tensor => tensor.LayerSqnr ?? tensor.Sqnr).ThenBy(tensor => tensor.Name, StringComparer.Ordinal).Take(count)
            .Select(tensor => Describe(tensor, producers[tensor.Name]))];
    }

    private static Finding Describe(TensorAccuracy tensor, Node node)
    {
        double loss = tensor.LayerSqnr ?? tensor.Sqnr;
        string what = tensor.LayerSqnr is null ? "The values at this layer are" : "This layer by itself gives values that are";
        return new("accuracy-layer", loss < Alarm ? FindingSeverity.Warning : FindingSeverity.Info,
            string.Create(CultureInfo.InvariantCulture, $"{what} {loss:F1} dB above their quantization error; with the errors of the layers before it, {tensor.Sqnr:F1} dB."),
            Advice(tensor, node), node.Source) { Operator = tensor.Operator, Tensor = tensor.Name };
    }

    private static string Advice(TensorAccuracy tensor, Node node)
    {
        double width = tensor.Max - tensor.Min, covered = tensor.Scale * byte.MaxValue;
        if (tensor.Type == "int8" && width > covered * 1.2)
            return string.Create(CultureInfo.InvariantCulture, $"The values span {width:G3}, the range only {covered:G3}: calibrate with more samples, or with minmax.");
        if (tensor.Type == "int8" && covered > 4 * width && covered > 0)
            return string.Create(CultureInfo.InvariantCulture, $"The values span {width:G3}, the range {covered:G3}: a tensor joined with this one is much wider; bring both to one scale, or keep the layer in 16 bits.");
        if (node.Operator is FullyConnected && node.TryInput(1)?.Quantization is { IsPerAxis: false } && IsUneven(node.Input(1)))
            return "The units' weights differ much in size: give each its own scale (per channel), or keep the layer in 16 bits.";
        if (node.Operator is DepthwiseConv2D or Conv2D && tensor.Type == "int8")
            return "Equalise this layer with its neighbours, clip its range (method percentile or mse), or keep it in 16 bits.";
        return tensor.Type == "int8" ? "Clip its range (method percentile or mse), or keep it in 16 bits." : "Keep it in real numbers if the model's accuracy suffers.";
    }

    private static bool IsUneven(Tensor weights)
    {
        long[] stored = weights.Data!.ToInt64Array();
        int units = weights.Shape[0], perUnit = stored.Length / Math.Max(units, 1);
        long[] largest = [.. Enumerable.Range(0, units).Select(unit => stored.AsSpan(unit * perUnit, perUnit).ToArray().Max(Math.Abs))];
        return largest.Length > 0 && largest.Min() * 4 < largest.Max();
    }
}
