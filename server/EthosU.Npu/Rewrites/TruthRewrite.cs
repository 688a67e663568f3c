using EthosU.Graphs;

namespace EthosU.Npu.Rewrites;

/// <summary>
/// Truth values that only choose, or become numbers, become masks of int8: -128 for false, 127 for true (npu-operators 2.32). Comparisons
/// make them, and, or and not are minimum, maximum and comparison of them; CAST to floating point and QUANTIZE behind it are one comparison
/// that makes the numbers.
/// </summary>
internal static class TruthRewrite
{
    private const int MostAxes = 4, LargestAxis = 65536, MostElements = 1 << 23;

    private static readonly Quantization Mask = Quantization.PerTensor(1f / 255, sbyte.MinValue);

    /// <summary>The graph with masks, and for each node that disappeared the one that does its work.</summary>
    public static (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed) Apply(Graph graph)
    {
        Dictionary<Node, Node> absorbed = [];
        HashSet<Tensor> truths = [.. graph.Nodes.SelectMany(node => node.Outputs).Where(tensor => IsTruth(graph, tensor))];
        // What depends on another kind of truth value stays one, and what is needed as one.
        while (truths.RemoveWhere(tensor => !graph.Producer(tensor)!.Inputs.OfType<Tensor>().All(input =>
            input.Type != ElementType.Bool || input.IsConstant || truths.Contains(input))
            || graph.Consumers(tensor).Any(reader => reader.Output.Type == ElementType.Bool && !truths.Contains(reader.Output))) > 0)
            ;
        GraphPatch patch = new(graph);
        Dictionary<Tensor, Tensor> masks = [];
        foreach (Tensor truth in truths)
            masks.Add(truth, new(patch.MakeName($"{truth.Name}/mask"), ElementType.Int8, truth.Shape, Mask));
        foreach (Node node in graph.Nodes)
            if (node.Outputs.Length == 1 && truths.Contains(node.Output))
                patch.Replace(node, [.. Replaced(node)]);
            else if (IsChoice(node) && MaskOf(node.Input(0)) is { } mask)
            {
                Node chosen = node.WithInputs(node.Inputs.SetItem(0, mask));
                patch.Replace(node, chosen);
                absorbed[node] = chosen;
            }
        return patch.IsEmpty ? (graph, absorbed) : (patch.Apply(), absorbed);

        IEnumerable<Node> Replaced(Node node)
        {
            bool isMask = false;
            foreach (Node reader in graph.Consumers(node.Output))
            {
                if (Numbers(graph, reader) is not { } numbers)
                {
                    isMask = true;
                    continue;
                }
                // A comparison makes the numbers itself; other truth values are compared with false.
                Node made = node.Operator is Compare
                    ? new(node.Operator, node.Inputs, numbers.Outputs, node.Source)
                    : new(new Compare(CompareKind.NotEqual), [masks[node.Output], Constant(false)], numbers.Outputs, node.Source);
                isMask |= node.Operator is not Compare;
                patch.Remove(reader);
                patch.Remove(numbers);
                absorbed[reader] = absorbed[numbers] = made;
                absorbed.TryAdd(node, made);
                yield return made;
            }
            if (!isMask)
                yield break;
            Node mask = node.WithOutputs([masks[node.Output]]);
            mask = node.Operator switch
            {
                Binary { Kind: BinaryKind.LogicalAnd } => Joined(BinaryKind.Minimum),
                Binary { Kind: BinaryKind.LogicalOr } => Joined(BinaryKind.Maximum),
                Unary => new(new Compare(CompareKind.Equal), [MaskOf(node.Input(0)), Constant(false)], mask.Outputs, node.Source),
                _ => mask,
            };
            absorbed[node] = mask;
            yield return mask;

            Node Joined(BinaryKind kind) =>
                new(new Binary(kind), [MaskOf(node.Input(0)), MaskOf(node.Input(1))], mask.Outputs, node.Source);
        }

        Tensor Constant(bool value) => new(patch.MakeName("truth"), TensorData.Vector<sbyte>(value ? sbyte.MaxValue : sbyte.MinValue), Mask);

        Tensor? MaskOf(Tensor truth) => masks.TryGetValue(truth, out Tensor? mask) ? mask
            : truth is { Type: ElementType.Bool, Data: { } data }
                ? new(patch.MakeName($"{truth.Name}/mask"), TensorData.From<sbyte>(data.Shape,
                    [.. data.ToInt64Array().Select(value => value != 0 ? sbyte.MaxValue : sbyte.MinValue)]), Mask)
            : null;
    }

    private static bool IsTruth(Graph graph, Tensor tensor) =>
        tensor.Type == ElementType.Bool && IsSmall(tensor) && !graph.Outputs.Contains(tensor) && graph.Producer(tensor) is { Outputs.Length: 1 } node
        && (Comparison.IsKnown(node) || node.Operator is Binary { Kind: BinaryKind.LogicalAnd or BinaryKind.LogicalOr }
            or Unary { Kind: UnaryKind.LogicalNot })
        && graph.Consumers(tensor).All(reader => (IsChoice(reader) && reader.Input(1) != tensor && reader.Input(2) != tensor)
            || reader.Operator is Binary { Kind: BinaryKind.LogicalAnd or BinaryKind.LogicalOr } or Unary { Kind: UnaryKind.LogicalNot }
            || Numbers(graph, reader) is not null);

    /// <summary>True for what an operation of the NPU computes in any case: else the model's own operators stay.</summary>
    private static bool IsSmall(Tensor tensor) =>
        tensor.Shape.Rank <= MostAxes && tensor.Shape.All(static size => size is >= 1 and <= LargestAxis)
        && tensor.Shape.ElementCount <= MostElements;

    /// <summary>QUANTIZE to int8 of what CAST makes of a truth value; null if it is read otherwise, too.</summary>
    private static Node? Numbers(Graph graph, Node cast) =>
        cast is { Operator: Cast, Outputs: [{ Type: ElementType.Float32 } real] } && graph.HasSingleUse(real)
        && graph.Consumers(real) is [{ Operator: Quantize, Outputs: [{ Type: ElementType.Int8, Quantization: { IsPerAxis: false } to }] } next]
        && float.IsNormal(to.Scale) && to.Scale > 0 && to.ZeroPoints[0] is >= sbyte.MinValue and <= sbyte.MaxValue ? next : null;

    /// <summary>A choice between int8 values, element by element.</summary>
    private static bool IsChoice(Node node) =>
        node is { Operator: Select or SelectV2, Inputs: [{ } condition, { } yes, { } no], Outputs: [{ } result] }
        && IsSmall(condition) && IsSmall(result) && yes.Quantization is { IsPerAxis: false } && no.Quantization is { IsPerAxis: false }
        && result.Quantization is { IsPerAxis: false }
        && yes.Type == ElementType.Int8 && no.Type == ElementType.Int8 && result.Type == ElementType.Int8
        && (node.Operator is SelectV2 || (condition.Shape == result.Shape && yes.Shape == result.Shape && no.Shape == result.Shape));
}
