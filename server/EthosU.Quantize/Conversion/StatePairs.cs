using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>
/// Finds recurrent state that the caller carries: an input that comes out again as an output, to be given to the next inference. Both need
/// one type and scale. A model does not say which they are; taken for a pair are an input and an output of one shape, the output gated (a
/// sigmoid or tanh stands close before it), not the result of a layer with weights, and computed from the input.
/// </summary>
internal static class StatePairs
{
    private const int GateDistance = 6;

    /// <summary>The pairs, in the inputs' order.</summary>
    public static List<(Tensor Input, Tensor Output)> Find(Graph graph)
    {
        List<(Tensor, Tensor)> pairs = [];
        if (graph.Inputs.Length < 2 || graph.Outputs.Length < 2)
            return pairs;
        Tensor[] outputs =
            [.. graph.Outputs.Distinct()
            .Where(output => output.Type == ElementType.Float32 && graph.Producer(output) is not null && IsGated(graph, output))];
        foreach (var group in outputs.GroupBy(output => output.Shape))
        {
            Tensor[] results = [.. group],
                inputs = [.. graph.Inputs.Where(input => input.Type == ElementType.Float32 && input.Shape == group.Key)];
            if (inputs.Length != results.Length)
                continue;
            for (int i = 0; i < inputs.Length; i++)
                if (Depends(graph, results[i], inputs[i]))
                    pairs.Add((inputs[i], results[i]));
        }
        return [.. pairs.OrderBy(pair => graph.Inputs.IndexOf(pair.Item1))];
    }

    /// <summary>True if what an output is moved and joined of is computed element by element, close behind a gate.</summary>
    private static bool IsGated(Graph graph, Tensor output)
    {
        Stack<Tensor> pending = new([output]);
        HashSet<Tensor> seen = [];
        bool any = false;
        while (pending.TryPop(out Tensor? tensor))
        {
            if (!seen.Add(tensor) || tensor.IsConstant)
                continue;
            if (graph.Producer(tensor) is not { } node)
                return false;
            if (IsMovement(node.Operator))
            {
                foreach (Tensor? input in node.Inputs)
                    if (input is { Type: ElementType.Float32 })
                        pending.Push(input);
                continue;
            }
            if (node.Operator is not (Binary or Unary) || !HasGate(graph, node, GateDistance))
                return false;
            any = true;
        }
        return any;
    }

    private static bool HasGate(Graph graph, Node node, int distance) =>
        node.Operator is Unary { Kind: UnaryKind.Logistic or UnaryKind.Tanh }
        || (distance > 0 && node.Operator is Binary or Unary
        && node.Inputs.Any(input => input is not null && graph.Producer(input) is { } producer && HasGate(graph, producer, distance - 1)));

    private static bool IsMovement(Operator op) =>
        op is Reshape or Transpose or Squeeze or ExpandDims or Slice or StridedSlice or Split or SplitV or Unpack or Concatenation or Pack
        or Gather;

    private static bool Depends(Graph graph, Tensor output, Tensor input)
    {
        Stack<Tensor> pending = new([output]);
        HashSet<Tensor> seen = [];
        while (pending.TryPop(out Tensor? tensor))
        {
            if (tensor == input)
                return true;
            if (seen.Add(tensor) && graph.Producer(tensor) is { } node)
                foreach (Tensor? operand in node.Inputs)
                    if (operand is { IsConstant: false })
                        pending.Push(operand);
        }
        return false;
    }
}
