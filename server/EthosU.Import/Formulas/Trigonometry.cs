using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>
/// Trigonometric and hyperbolic functions, by those that TensorFlow Lite has: sine, cosine, ATAN2, exponential and logarithm.
/// </summary>
public static class Trigonometry
{
    /// <summary>The tangent.</summary>
    public static Tensor Tan(GraphEmitter g, Tensor x) => g.Binary(BinaryKind.Div, g.Unary(UnaryKind.Sin, x), g.Unary(UnaryKind.Cos, x));

    /// <summary>The hyperbolic sine.</summary>
    public static Tensor Sinh(GraphEmitter g, Tensor x) => Hyperbolic(g, x, -1);

    /// <summary>The hyperbolic cosine.</summary>
    public static Tensor Cosh(GraphEmitter g, Tensor x) => Hyperbolic(g, x, 1);

    /// <summary>The arc of a tangent.</summary>
    public static Tensor Atan(GraphEmitter g, Tensor x) => g.Binary(BinaryKind.Atan2, x, Ones(g, x));

    /// <summary>The arc of a sine.</summary>
    public static Tensor Asin(GraphEmitter g, Tensor x) => g.Binary(BinaryKind.Atan2, x, Cathetus(g, x));

    /// <summary>The arc of a cosine.</summary>
    public static Tensor Acos(GraphEmitter g, Tensor x) => g.Binary(BinaryKind.Atan2, Cathetus(g, x), x);

    /// <summary>The inverse of the hyperbolic sine: sign(x) ln(|x| + √(x² + 1)).</summary>
    public static Tensor Asinh(GraphEmitter g, Tensor x)
    {
        Tensor size = g.Unary(UnaryKind.Abs, x), root = g.Unary(UnaryKind.Sqrt, g.Add(g.Mul(x, x), g.Scalar(1f)));
        return g.Mul(g.Unary(UnaryKind.Sign, x), g.Unary(UnaryKind.Log, g.Add(size, root)));
    }

    /// <summary>The inverse of the hyperbolic cosine.</summary>
    public static Tensor Acosh(GraphEmitter g, Tensor x) =>
        g.Unary(UnaryKind.Log, g.Add(x, g.Unary(UnaryKind.Sqrt, g.Mul(g.Sub(x, g.Scalar(1f)), g.Add(x, g.Scalar(1f))))));

    /// <summary>The inverse of the hyperbolic tangent.</summary>
    public static Tensor Atanh(GraphEmitter g, Tensor x) =>
        g.Mul(g.Unary(UnaryKind.Log, g.Binary(BinaryKind.Div, g.Add(g.Scalar(1f), x), g.Sub(g.Scalar(1f), x))), g.Scalar(0.5f));

    /// <summary>ATAN2 does not broadcast.</summary>
    private static Tensor Ones(GraphEmitter g, Tensor x)
    {
        var ones = new float[g.Listed(x.Shape.ElementCount)];
        Array.Fill(ones, 1);
        return g.Constant(TensorData.Wrap(ElementType.Float32, x.Shape, ones), "ones");
    }

    private static Tensor Hyperbolic(GraphEmitter g, Tensor x, float sign)
    {
        Tensor inverse = g.Unary(UnaryKind.Exp, g.Mul(x, g.Scalar(-1f)));
        return g.Mul(g.Add(g.Unary(UnaryKind.Exp, x), g.Mul(inverse, g.Scalar(sign))), g.Scalar(0.5f));
    }

    /// <summary>√(1 − x²), as √((1 − x)(1 + x)), which is exact near 1.</summary>
    private static Tensor Cathetus(GraphEmitter g, Tensor x) =>
        g.Unary(UnaryKind.Sqrt, g.Mul(g.Sub(g.Scalar(1f), x), g.Add(g.Scalar(1f), x)));
}
