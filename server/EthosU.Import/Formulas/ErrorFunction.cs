using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>
/// TensorFlow Lite has no error function, but GELU(u) = u (1 + erf(u / √2)) / 2. So with a = |u|, bounded below to avoid 0 / 0,
/// erf(u / √2) = sign(u) (2 GELU(a) / a − 1). The optimizer makes one GELU of PyTorch's x (1 + erf(x / √2)) / 2.
/// </summary>
public static class ErrorFunction
{
    /// <summary>The error function of a tensor.</summary>
    public static Tensor Of(GraphEmitter g, Tensor z)
    {
        Tensor u = g.Mul(z, g.Scalar(MathF.Sqrt(2)));
        Tensor a = g.Emit(new Binary(BinaryKind.Maximum), g.Unary(UnaryKind.Abs, u), g.Scalar(1e-6f));
        Tensor erf = g.Sub(g.Emit(new Binary(BinaryKind.Div), g.Mul(g.Emit(new Gelu(), a), g.Scalar(2f)), a), g.Scalar(1f));
        return g.Mul(g.Unary(UnaryKind.Sign, z), erf);
    }
}
