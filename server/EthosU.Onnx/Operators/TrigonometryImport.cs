using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>
/// Trigonometric and hyperbolic functions, by those that TensorFlow Lite has: sine, cosine, ATAN2, exponential and logarithm.
/// </summary>
internal static class TrigonometryImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Sin", Of((c, x) => c.Unary(UnaryKind.Sin, x))), ("Cos", Of((c, x) => c.Unary(UnaryKind.Cos, x))),
        ("Tan", Of((c, x) => Quotient(c, c.Unary(UnaryKind.Sin, x), c.Unary(UnaryKind.Cos, x)))),
        ("Sinh", Of((c, x) => Hyperbolic(c, x, -1))), ("Cosh", Of((c, x) => Hyperbolic(c, x, 1))),
        ("Atan", Of((c, x) => c.Binary(BinaryKind.Atan2, x, Ones(c, x)))),
        ("Asin", Of((c, x) => c.Binary(BinaryKind.Atan2, x, Cathetus(c, x)))),
        ("Acos", Of((c, x) => c.Binary(BinaryKind.Atan2, Cathetus(c, x), x))),
        ("Asinh", Of((c, x) => Asinh(c, x))), ("Acosh", Of((c, x) => Acosh(c, x))), ("Atanh", Of((c, x) => Atanh(c, x))),
    ];

    private static Action<ImportContext> Of(Func<ImportContext, Tensor, Tensor> apply) => c => c.Output(0, apply(c, c.Input(0)));

    /// <summary>ATAN2 does not broadcast.</summary>
    private static Tensor Ones(ImportContext c, Tensor x)
    {
        var ones = new float[c.Listed(x.Shape.ElementCount)];
        Array.Fill(ones, 1);
        return c.Constant(TensorData.Wrap(ElementType.Float32, x.Shape, ones), "ones");
    }

    private static Tensor Quotient(ImportContext c, Tensor a, Tensor b) => c.Binary(BinaryKind.Div, a, b);

    private static Tensor Hyperbolic(ImportContext c, Tensor x, float sign)
    {
        Tensor inverse = c.Unary(UnaryKind.Exp, c.Mul(x, c.Scalar(-1f)));
        return c.Mul(c.Add(c.Unary(UnaryKind.Exp, x), c.Mul(inverse, c.Scalar(sign))), c.Scalar(0.5f));
    }

    /// <summary>√(1 − x²), as √((1 − x)(1 + x)), which is exact near 1.</summary>
    private static Tensor Cathetus(ImportContext c, Tensor x) =>
        c.Unary(UnaryKind.Sqrt, c.Mul(c.Sub(c.Scalar(1f), x), c.Add(c.Scalar(1f), x)));

    /// <summary>sign(x) ln(|x| + √(x² + 1)).</summary>
    private static Tensor Asinh(ImportContext c, Tensor x)
    {
        Tensor size = c.Unary(UnaryKind.Abs, x), root = c.Unary(UnaryKind.Sqrt, c.Add(c.Mul(x, x), c.Scalar(1f)));
        return c.Mul(c.Unary(UnaryKind.Sign, x), c.Unary(UnaryKind.Log, c.Add(size, root)));
    }

    private static Tensor Acosh(ImportContext c, Tensor x) =>
        c.Unary(UnaryKind.Log, c.Add(x, c.Unary(UnaryKind.Sqrt, c.Mul(c.Sub(x, c.Scalar(1f)), c.Add(x, c.Scalar(1f))))));

    private static Tensor Atanh(ImportContext c, Tensor x) =>
        c.Mul(c.Unary(UnaryKind.Log, Quotient(c, c.Add(c.Scalar(1f), x), c.Sub(c.Scalar(1f), x))), c.Scalar(0.5f));
}
