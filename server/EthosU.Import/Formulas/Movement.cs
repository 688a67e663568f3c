using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Tensors whose elements are repeated or left out.</summary>
public static class Movement
{
    /// <summary>A tensor broadcast to a shape.</summary>
    /// <exception cref="UnsupportedOperatorException">It does not broadcast to it.</exception>
    public static Tensor Expand(GraphEmitter g, Tensor x, Shape wanted)
    {
        if (!Shape.TryBroadcast(x.Shape, wanted, out Shape result))
            throw new UnsupportedOperatorException($"{x.Shape} does not broadcast to {wanted}.", "Check the exported model.");
        return result == x.Shape ? x
            : result.ElementCount == x.Shape.ElementCount ? g.Reshape(x, result)
            : g.Emit(new BroadcastTo(), x, g.Integers([.. result]));
    }

    /// <summary>The elements above or below a diagonal of the last two axes; the others become 0.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="diagonal">The diagonal, 0 being the main one, positive ones above it.</param>
    /// <param name="upper">True for what lies on it and above, false for what lies on it and below.</param>
    public static Tensor Triangle(GraphEmitter g, Tensor x, int diagonal, bool upper)
    {
        if (x.Shape.Rank < 2)
            throw new UnsupportedOperatorException($"{x.Shape} has no triangle; at least 2 axes are expected.",
                "Check the exported model.");
        int rows = x.Shape[-2], columns = x.Shape[-1];
        bool[] kept = new bool[g.Listed((long)rows * columns)];
        for (int i = 0; i < kept.Length; i++)
        {
            long place = (long)(i % columns) - (i / columns);
            kept[i] = upper ? place >= diagonal : place <= diagonal;
        }
        Tensor zero = g.Cast(g.Scalar(0f), x.Type); // not a product: an infinite mask times 0 is no number
        return g.Emit(new SelectV2(), g.Constant(TensorData.From<bool>([rows, columns], kept), "mask"), x, zero);
    }

    /// <summary>Each slice along an axis so many times, one behind the other.</summary>
    public static Tensor RepeatEach(GraphEmitter g, Tensor x, int axis, int times)
    {
        if (times == 1)
            return x;
        Shape wide = new(x.Shape.Sizes.Insert(axis + 1, 1)), repeated = wide.With(axis + 1, times);
        GraphEmitter.RequireSize(repeated);
        return g.Reshape(g.Emit(new BroadcastTo(), g.Reshape(x, wide), g.Integers([.. repeated])),
            x.Shape.With(axis, checked(x.Shape[axis] * times)));
    }
}
