using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>
/// Operators of which each element of the result follows from one element of one tensor. Between a DEQUANTIZE and a QUANTIZE such a chain
/// is one table for a compiler, however long it is: nothing in it is rounded, and its inner values need no ranges.
/// </summary>
internal sealed class OneValueChains
{
    private readonly Dictionary<Tensor, Tensor> roots = [];

    /// <summary>Takes the nodes of a graph in order.</summary>
    public OneValueChains(Graph graph)
    {
        foreach (Node node in graph.Nodes)
            if (FindRoot(node) is { } root)
                roots[node.Output] = root;
    }

    /// <summary>The tensor that a result depends on; null for a result of more than one value.</summary>
    public Tensor? RootOf(Node node) => node.Outputs.Length == 1 ? roots.GetValueOrDefault(node.Output) : null;

    /// <summary>True if two tensors depend on the same one value, element by element.</summary>
    public bool HaveOneRoot(Tensor a, Tensor b) => roots.GetValueOrDefault(a, a) == roots.GetValueOrDefault(b, b);

    private Tensor? FindRoot(Node node)
    {
        if (node.Outputs is not [{ Type: ElementType.Float32 } output] || !IsElementwise(node.Operator))
            return null;
        Tensor? root = null;
        foreach (Tensor? input in node.Inputs)
        {
            if (input is null || input.Type != ElementType.Float32)
                return null;
            if (input.Data is { } data)
            {
                if (data.Count != 1)
                    return null;
                continue;
            }
            Tensor its = roots.GetValueOrDefault(input, input);
            if ((root is not null && root != its) || input.Shape.ElementCount != output.Shape.ElementCount)
                return null;
            root = its;
        }
        return root;
    }

    private static bool IsElementwise(Operator op) => op is LeakyRelu or PRelu or Gelu
        || op is Unary { Kind: not (UnaryKind.LogSoftmax or UnaryKind.LogicalNot) }
        || op is Binary { Kind: BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Div or BinaryKind.Maximum
            or BinaryKind.Minimum or BinaryKind.SquaredDifference or BinaryKind.FloorDiv or BinaryKind.FloorMod or BinaryKind.Pow };
}
