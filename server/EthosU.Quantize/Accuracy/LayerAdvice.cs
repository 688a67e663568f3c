using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;

namespace EthosU.Quantize.Accuracy;

/// <summary>Ranks layers by the error that they add, and says what to do about it.</summary>
internal static class LayerAdvice
{
    private const double Concern = 30, Alarm = 20; // dB

    /// <summary>The layers that lose most, worst first, with the tensors that they compute; none where all is well.</summary>
    public static ImmutableArray<(TensorAccuracy Tensor, Node Node)> Rank(Graph graph, IEnumerable<TensorAccuracy> tensors, int count)
    {
        Dictionary<string, Node> producers = graph.Nodes.SelectMany(node => node.Outputs.Select(output => (output.Name, node)))
            .ToDictionary(p => p.Name, p => p.node);
        return [.. tensors.Where(tensor => Loss(tensor) < Concern && tensor.Operator is not ("DEQUANTIZE" or "RESHAPE"))
            .OrderBy(Loss).ThenBy(tensor => tensor.Name, StringComparer.Ordinal).Take(count)
            .Select(tensor => (tensor, producers[tensor.Name]))];
    }

    /// <summary>A finding on a layer that loses much.</summary>
    /// <param name="tensor">What was measured.</param>
    /// <param name="node">The quantized operator.</param>
    /// <param name="source">Where it comes from.</param>
    public static Finding Describe(TensorAccuracy tensor, Node node, Source source)
    {
        string reason = tensor.LayerSqnr is { } alone
            ? string.Create(CultureInfo.InvariantCulture,
            $"Given the float model's values, this layer alone reaches a signal to noise ratio of {alone:F1} dB; with the errors of the "
                + $"layers before it, {tensor.Sqnr:F1} dB.")
            : string.Create(CultureInfo.InvariantCulture,
            $"With the errors of the layers before it, this layer reaches a signal to noise ratio of {tensor.Sqnr:F1} dB.");
        string advice = string.Join(" ", Remedies(tensor, node).Select(remedy => Text(remedy, tensor, node)));
        return new("accuracy-layer", Loss(tensor) < Alarm ? FindingSeverity.Warning : FindingSeverity.Info, reason,
            advice.Length > 0 ? advice : "Keep it in real numbers if the model's accuracy suffers.",
            source) { Operator = tensor.Operator, Tensor = tensor.Name };
    }

    /// <summary>What may help a layer, most promising first; nothing where its result is not 8 bits wide.</summary>
    public static IReadOnlyList<Remedy> Remedies(TensorAccuracy tensor, Node node)
    {
        if (tensor.Type != "int8")
            return [];
        double width = tensor.Max - tensor.Min, covered = tensor.Scale * byte.MaxValue;
        List<Remedy> remedies = [];
        bool isFixed = node.Operator is Softmax or Unary { Kind: UnaryKind.Logistic or UnaryKind.Tanh };
        if (!isFixed && width > covered * 1.2)
            remedies.Add(Remedy.WiderRange);
        if (node.Operator is FullyConnected && node.TryInput(1)?.Quantization is { IsPerAxis: false } && IsUneven(node.Input(1)))
            remedies.Add(Remedy.ScalePerUnit);
        if (node.Operator is DepthwiseConv2D or Conv2D)
            remedies.Add(Remedy.Equalise);
        if (!isFixed && !remedies.Contains(Remedy.WiderRange))
            remedies.Add(Remedy.ClippedRange);
        remedies.Add(Remedy.Int16);
        return remedies;
    }

    private static double Loss(TensorAccuracy tensor) => tensor.LayerSqnr ?? tensor.Sqnr;

    private static string Text(Remedy remedy, TensorAccuracy tensor, Node node)
    {
        double width = tensor.Max - tensor.Min, covered = tensor.Scale * byte.MaxValue;
        return remedy switch
        {
            Remedy.WiderRange =>
                string.Create(CultureInfo.InvariantCulture,
                $"Its values span {width:G3}, its range only {covered:G3}: calibrate with more samples, or with the method minmax."),
            Remedy.ClippedRange when covered > 4 * width => string.Create(CultureInfo.InvariantCulture,
                $"Its values span {width:G3}, its range {covered:G3}: clip its range (method percentile or mse), or, if a much wider "
                    + $"tensor shares its scale, bring both to one size."),
            Remedy.ClippedRange => "Clip its range (method percentile or mse).",
            Remedy.ScalePerUnit => "The units' weights differ much in size: give each unit its own scale (per channel).",
            Remedy.Equalise => "Equalise this layer with its neighbours.",
            _ when node.Operator is Softmax =>
                "Keep it and the layer before it in 16 bits (--int16-layer): the steps of its 8-bit input are too coarse for the "
                    + "exponential.",
            _ => "Keep it in 16 bits (--int16-layer).",
        };
    }

    private static bool IsUneven(Tensor weights)
    {
        long[] stored = weights.Data!.ToInt64Array();
        int units = weights.Shape[0], perUnit = stored.Length / Math.Max(units, 1);
        long[] largest = [.. Enumerable.Range(0, units).Select(unit => stored.AsSpan(unit * perUnit, perUnit).ToArray().Max(Math.Abs))];
        return largest.Length > 0 && largest.Min() * 4 < largest.Max();
    }
}
