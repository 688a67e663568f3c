using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>x (1 + erf(x / √2)) / 2 and its approximation by tanh, in whatever order, become GELU (tflite-kernels 4.10).</summary>
internal static class GeluPattern
{
    private static readonly float Root2 = MathF.Sqrt(2), TanhFactor = MathF.Sqrt(2 / MathF.PI);

    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        Match match = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not Binary { Kind: BinaryKind.Mul or BinaryKind.Div, Activation: FusedActivation.None }
                || match.Product(node.Output) is not { } product || !Match.IsNear(product.Factor, 0.5f))
                continue;
            foreach (var (x, gate) in new[] { (product.A, product.B), (product.B, product.A) })
            {
                if (match.Plus(gate, 1) is not { } inner || x.Shape != node.Output.Shape)
                    continue;
                bool exact = IsErf(graph, match, inner, x);
                if (!exact && !IsTanh(match, inner, x))
                    continue;
                patch.Replace(node, new Node(new Gelu(!exact), [x], node.Outputs, node.Source));
                break;
            }
        }
        return patch.Apply();
    }

    /// <summary>True for erf(x / √2), written sign(z) (2 GELU(a) / a − 1) with a = max(|z √2|, ε) for want of an operator.</summary>
    private static bool IsErf(Graph graph, Match match, Tensor tensor, Tensor x)
    {
        if (match.Binary(tensor, BinaryKind.Mul) is not { Inputs: [{ } left, { } right] })
            return false;
        Tensor? z = match.Unary(left, UnaryKind.Sign) ?? match.Unary(right, UnaryKind.Sign);
        Tensor magnitude = match.Unary(left, UnaryKind.Sign) is not null ? right : left;
        if (z is null || match.Scaled(z) is var (source, factor) && (source != x || !Match.IsNear(factor, 1 / Root2)))
            return false;
        Tensor? ratio = match.Binary(magnitude, BinaryKind.Sub)?.WithConstant() is { IsFirst: false } difference
            && Operands.Single(difference.Constant) == 1
            ? difference.X : match.Plus(magnitude, -1);
        if (ratio is null || match.Binary(ratio, BinaryKind.Div) is not { Inputs: [{ } doubled, { } a] })
            return false;
        if (match.Scaled(doubled) is var (gelu, two)
            && (!Match.IsNear(two, 2) || graph.Producer(gelu) is not { Operator: Gelu { Approximate: false } } node || node.Input(0) != a))
            return false;
        return match.Binary(a, BinaryKind.Maximum)?.WithConstant() is { } bounded
            && match.Unary(bounded.X, UnaryKind.Abs) is { } scaled && match.Scaled(scaled) is var (u, one) && u == x
            && Match.IsNear(one, 1);
    }

    /// <summary>True for tanh(√(2/π) (x + 0.044715 x³)).</summary>
    private static bool IsTanh(Match match, Tensor tensor, Tensor x)
    {
        if (match.Unary(tensor, UnaryKind.Tanh) is not { } argument || match.Scaled(argument) is var (sum, factor)
            && !Match.IsNear(factor, TanhFactor))
            return false;
        if (match.Binary(sum, BinaryKind.Add) is { Inputs: [{ } a, { } b] })
        {
            Tensor? cubic = a == x ? b : b == x ? a : null;
            return cubic is not null && match.Scaled(cubic) is var (cube, small) && IsPower(match, cube, x, 3, small, 0.044715f);
        }
        return match.Product(sum) is { } product && Match.IsNear(product.Factor, 1) && Match.Other(product, x) is { } rest
            && match.Plus(rest, 1) is { } square && match.Scaled(square) is var (power, scale)
            && IsPower(match, power, x, 2, scale, 0.044715f);
    }

    private static bool IsPower(Match match, Tensor tensor, Tensor x, int exponent, float factor, float wanted)
    {
        if (exponent == 1)
            return tensor == x && Match.IsNear(factor, wanted);
        if (match.Binary(tensor, BinaryKind.Pow)?.WithConstant() is { IsFirst: false } power)
            return power.X == x && Operands.Single(power.Constant) == exponent && Match.IsNear(factor, wanted);
        if (exponent == 2 && match.Unary(tensor, UnaryKind.Square) is { } squared)
            return squared == x && Match.IsNear(factor, wanted);
        return match.Product(tensor) is { } product && Match.Other(product, x) is { } rest
            && IsPower(match, rest, x, exponent - 1, factor * product.Factor, wanted);
    }
}
