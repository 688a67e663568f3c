using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>
/// Finds clamps that do what the quantization of their result does anyway: a model trained quantization-aware says in which integers a
/// value is stored, and storing it so saturates. Nothing is computed there but a QUANTIZE, and not even that where the operand is stored so
/// already.
/// </summary>
internal static class SaturatingClamps
{
    /// <summary>By the last node of each chain of such clamps: what the chain clamps, and the clamps before the last.</summary>
    /// <param name="graph">The graph, in real numbers.</param>
    /// <param name="ranges">Knows the quantizations that the model brings along.</param>
    /// <param name="options">Choices of the quantization.</param>
    public static Dictionary<Node, (Tensor Operand, Node[] Before)> Find(Graph graph, RangeTable ranges, QuantizeOptions options)
    {
        Dictionary<Node, (Tensor, Node[])> found = [];
        if (options.Precision != Precision.Int8 || ranges.Trained.IsEmpty)
            return found;
        foreach (Node node in graph.Nodes)
        {
            if (Bounds(node) is not { } bounds || OperatorTypes.IsInt16(node, options)
                || ranges.FindTrained(node.Output) is not { } quantization)
                continue;
            List<Node> before = [];
            Tensor x = node.Input(0);
            ValueRange stored = Affine.RangeOf(quantization, ElementType.Int8);
            while (graph.HasSingleUse(x) && graph.Producer(x) is { } producer && Bounds(producer) is { } more
                && ranges.FindTrained(x) is null)
            {
                bounds = new(Math.Max(bounds.Min, more.Min), Math.Min(bounds.Max, more.Max));
                found.Remove(producer);
                before.Add(producer);
                x = producer.Input(0);
            }
            if (!x.IsConstant && bounds.Covers(stored, quantization.Scale / 2))
                found[node] = (x, [.. before]);
        }
        return found;
    }

    /// <summary>
    /// The graph without chains whose operand the model does not store otherwise than their result, computed by an operator that gives it
    /// to nobody else: that operator gives the result itself.
    /// </summary>
    public static Graph Merge(Graph graph, RangeTable ranges, QuantizeOptions options)
    {
        var chains = Find(graph, ranges, options);
        Dictionary<Node, Node> rewritten = [];
        HashSet<Node> gone = [];
        foreach ((Node last, (Tensor operand, Node[] before)) in chains)
        {
            if (graph.Producer(operand) is { } own && chains.ContainsKey(own))
                continue;
            if (!graph.HasSingleUse(operand) || graph.Producer(operand) is not { Outputs.Length: 1 } producer
                || OperatorRules.Find(producer).Kind is RuleKind.Float or RuleKind.Fixed
                || producer.Operator is Resize { Kind: ResizeKind.Bilinear } || OperatorTypes.IsInt16(producer, options)
                || ranges.FindTrained(operand)?.Equals(ranges.FindTrained(last.Output)) == false || operand.Shape != last.Output.Shape)
                continue;
            rewritten[producer] = producer.WithOutputs([last.Output]);
            gone.Add(last);
            gone.UnionWith(before);
        }
        return rewritten.Count == 0 ? graph
            : graph.With(nodes: [.. graph.Nodes.Where(node => !gone.Contains(node))
            .Select(node => rewritten.GetValueOrDefault(node, node))]);
    }

    /// <summary>Between what a node clamps its first operand; null for other nodes.</summary>
    private static ValueRange? Bounds(Node node) => node.Operator switch
    {
        Unary { Kind: UnaryKind.Relu } => new(0, float.PositiveInfinity),
        Unary { Kind: UnaryKind.Relu6 } => new(0, 6),
        Unary { Kind: UnaryKind.ReluN1To1 } => new(-1, 1),
        Unary { Kind: UnaryKind.Relu0To1 } => new(0, 1),
        Binary { Kind: BinaryKind.Maximum, Activation: FusedActivation.None } when Scalar(node) is { } low =>
            new(low, float.PositiveInfinity),
        Binary { Kind: BinaryKind.Minimum, Activation: FusedActivation.None } when Scalar(node) is { } high =>
            new(float.NegativeInfinity, high),
        _ => null,
    };

    private static float? Scalar(Node node) =>
        node.Inputs[1] is { Data: { Count: 1, Type: ElementType.Float32 } data } && node.Input(0).Shape == node.Output.Shape
        ? data.AsSpan<float>()[0] : null;
}
