using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>
/// TensorFlow Lite has no error function, but GELU(u) = u (1 + erf(u / √2)) / 2. So with a = |u|, bounded below to avoid 0 / 0,
/// erf(u / √2) = sign(u) (2 GELU(a) / a − 1). The optimizer makes one GELU of PyTorch's x (1 + erf(x / √2)) / 2.
/// </summary>
internal static class ErfPattern
{
    /// <summary>The error function of a tensor.</summary>
    public static Tensor Express(ImportContext c, Tensor z)
    {
        Tensor u = c.Mul(z, c.Scalar(MathF.Sqrt(2)));
        Tensor a = c.Emit(new Binary(BinaryKind.Maximum), c.Unary(UnaryKind.Abs, u), c.Scalar(1e-6f));
        Tensor erf = c.Sub(c.Emit(new Binary(BinaryKind.Div), c.Mul(c.Emit(new Gelu(), a), c.Scalar(2f)), a), c.Scalar(1f));
        return c.Mul(c.Unary(UnaryKind.Sign, z), erf);
    }
}
