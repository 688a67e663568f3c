using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>Recognises small formulas, whatever the order of commutative operands (tflite-kernels 4.10).</summary>
internal sealed class Match(Graph graph)
{
    private const float Tolerance = 1e-3f;

    public static bool IsNear(float? value, float wanted) => value is { } v && Math.Abs(v - wanted) <= Tolerance * Math.Abs(wanted);

    /// <summary>The node that computes a tensor, if it is a binary one of this kind without activation.</summary>
    public Node? Binary(Tensor tensor, BinaryKind kind, FusedActivation activation = FusedActivation.None) =>
        graph.Producer(tensor) is { Operator: Binary binary } node && binary.Kind == kind && binary.Activation == activation ? node : null;

    /// <summary>The operand of a unary node of this kind.</summary>
    public Tensor? Unary(Tensor tensor, UnaryKind kind) =>
        graph.Producer(tensor) is { Operator: Unary unary } node && unary.Kind == kind ? node.Input(0) : null;

    /// <summary>x of x + constant.</summary>
    public Tensor? Plus(Tensor tensor, float constant, FusedActivation activation = FusedActivation.None) =>
        Binary(tensor, BinaryKind.Add, activation)?.WithConstant() is { } sum && IsNear(Operands.Single(sum.Constant), constant)
        && sum.X.Shape == tensor.Shape ? sum.X : null;

    /// <summary>A tensor as a number times another.</summary>
    public (Tensor X, float Factor) Scaled(Tensor tensor)
    {
        float factor = 1;
        for (int i = 0; i < 8; i++)
        {
            Node? node = Binary(tensor, BinaryKind.Mul) ?? Binary(tensor, BinaryKind.Div);
            if (node?.WithConstant() is not { } product || Operands.Single(product.Constant) is not { } value
                || product.X.Shape != tensor.Shape)
                break;
            bool divides = ((Binary)node.Operator).Kind == BinaryKind.Div;
            if (divides && (product.IsFirst || value == 0))
                break;
            factor = divides ? factor / value : factor * value;
            tensor = product.X;
        }
        return (tensor, factor);
    }

    /// <summary>A tensor as a number times the product of two others, numbers taken out of those too.</summary>
    public (Tensor A, Tensor B, float Factor)? Product(Tensor tensor)
    {
        (Tensor inner, float factor) = Scaled(tensor);
        if (Binary(inner, BinaryKind.Mul) is not { Inputs: [{ IsConstant: false } a, { IsConstant: false } b] })
            return null;
        (Tensor x, float first) = Scaled(a);
        (Tensor y, float second) = Scaled(b);
        return (x, y, factor * first * second);
    }

    /// <summary>True if one of a product's factors is x and the other one, given back, is not x itself.</summary>
    public static Tensor? Other((Tensor A, Tensor B, float Factor) product, Tensor x) =>
        product.A == x ? product.B : product.B == x ? product.A : null;
}
