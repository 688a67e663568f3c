using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Exponential and logarithm near 1, where the plain ones lose what is left of 1.</summary>
public static class Exponentials
{
    /// <summary>eˣ − 1: ELU is that below 0; above, no more is lost than eˣ is rounded by.</summary>
    public static Tensor LessOne(GraphEmitter g, Tensor x)
    {
        Tensor zero = g.Scalar(0f);
        Tensor above = g.Sub(g.Unary(UnaryKind.Exp, g.Binary(BinaryKind.Maximum, x, zero)), g.Scalar(1f));
        return g.Add(g.Unary(UnaryKind.Elu, g.Binary(BinaryKind.Minimum, x, zero)), above);
    }

    /// <summary>ln(1 + x).</summary>
    public static Tensor LogOfOneMore(GraphEmitter g, Tensor x) => g.Unary(UnaryKind.Log, g.Add(x, g.Scalar(1f)));
}
