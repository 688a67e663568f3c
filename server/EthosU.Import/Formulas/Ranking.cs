using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>The largest or smallest elements along an axis.</summary>
public static class Ranking
{
    /// <summary>The best so many elements, the best first, and where they were.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="count">How many.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="largest">True for the largest, false for the smallest.</param>
    public static (Tensor Values, Tensor Places) Best(GraphEmitter g, Tensor x, int count, int axis, bool largest)
    {
        int last = x.Shape.Rank - 1;
        int[] swap = [.. Enumerable.Range(0, last + 1).Select(a => a == axis ? last : a == last ? axis : a)];
        Tensor rows = g.Transpose(x, swap);
        Tensor[] best = g.EmitMany(new TopK(), 2, largest ? rows : Arithmetic.Negate(g, rows), g.Scalar(count));
        return (g.Transpose(largest ? best[0] : Arithmetic.Negate(g, best[0]), swap), g.Transpose(best[1], swap));
    }
}
