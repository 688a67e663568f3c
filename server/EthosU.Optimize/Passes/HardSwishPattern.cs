using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>x × RELU6(x + 3) / 6, in whatever order, becomes HARD_SWISH.</summary>
internal static class HardSwishPattern
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        Match match = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not Binary { Kind: BinaryKind.Mul or BinaryKind.Div, Activation: FusedActivation.None }
                || node.Output.Type != ElementType.Float32
                || match.Product(node.Output) is not { } product || !Match.IsNear(product.Factor, 1f / 6))
                continue;
            Tensor? x = Gated(match, product.A) == product.B ? product.B : Gated(match, product.B) == product.A ? product.A : null;
            if (x is not null && x.Shape == node.Output.Shape)
                patch.Replace(node, new Node(new Unary(UnaryKind.HardSwish), [x], node.Outputs, node.Source));
        }
        return patch.Apply();
    }

    /// <summary>x of a clamp of x + 3 to [0, 6].</summary>
    private static Tensor? Gated(Match match, Tensor tensor)
    {
        if (match.Plus(tensor, 3, FusedActivation.Relu6) is { } fused)
            return fused;
        if (match.Unary(tensor, UnaryKind.Relu6) is { } inner)
            return match.Plus(inner, 3);
        if (match.Binary(tensor, BinaryKind.Minimum)?.WithConstant() is not { } high || Operands.Single(high.Constant) != 6)
            return null;
        Tensor? low = match.Unary(high.X, UnaryKind.Relu)
            ?? (match.Binary(high.X, BinaryKind.Maximum)?.WithConstant() is { } bound && Operands.Single(bound.Constant) == 0 ? bound.X
            : null);
        return low is null ? null : match.Plus(low, 3);
    }
}
