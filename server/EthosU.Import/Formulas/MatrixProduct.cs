using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Products of matrices.</summary>
public static class MatrixProduct
{
    /// <summary>A matrix product with NumPy's rules; FULLY_CONNECTED where one side is a constant matrix.</summary>
    public static Tensor Of(GraphEmitter g, Tensor a, Tensor b)
    {
        if (a.Shape.Rank == 0 || b.Shape.Rank == 0)
            throw new UnsupportedOperatorException("A scalar is no operand of a matrix product.", "Check the exported model.");
        if (a.Type != ElementType.Float32)
            return g.Cast(Of(g, g.Cast(a, ElementType.Float32), g.Cast(b, ElementType.Float32)), a.Type);
        bool row = a.Shape.Rank == 1, column = b.Shape.Rank == 1;
        if (row)
            a = g.Reshape(a, [1, a.Shape[0]]);
        if (column)
            b = g.Reshape(b, [b.Shape[0], 1]);
        if (a.Shape[-1] != b.Shape[-2])
            throw new UnsupportedOperatorException($"A product of {a.Shape} and {b.Shape} is not possible.", "Check the exported model.");
        if (b.IsConstant && b.Shape.Rank > 2 && b.Shape.Rank <= a.Shape.Rank && b.Shape.ElementCount == (long)b.Shape[-1] * b.Shape[-2])
            b = g.Reshape(b, [b.Shape[-2], b.Shape[-1]]);
        Tensor y = b.IsConstant && b.Shape.Rank == 2 && !a.IsConstant ? Connected(g, a, g.Transpose(b, 1, 0))
            : a.IsConstant && a.Shape.Rank == 2 && !b.IsConstant ? Transposed(g, Connected(g, Transposed(g, b), a))
            : g.Emit(new BatchMatMul(), a, b);
        if (row)
            y = g.Reshape(y, y.Shape.Without(y.Shape.Rank - 2));
        return column ? g.Reshape(y, y.Shape.Without(y.Shape.Rank - 1)) : y;
    }

    /// <summary>alpha a w + beta bias of two matrices.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="a">Rows.</param>
    /// <param name="w">Weights, a row for each unit.</param>
    /// <param name="bias">What broadcasts to the result; null for 0.</param>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="beta">Factor of the bias.</param>
    public static Tensor Linear(GraphEmitter g, Tensor a, Tensor w, Tensor? bias, float alpha = 1, float beta = 1)
    {
        if (a.Shape[1] != w.Shape[1])
            throw new UnsupportedOperatorException(
                $"Its rows of {a.Shape[1]} numbers and its weights for {w.Shape[1]} do not suit each other.", "Check the exported model.");
        Shape result = [a.Shape[0], w.Shape[0]];
        if (bias is not null
            && (bias.Shape.Rank > 2
            || bias.Shape.Select((size, i) => (size, i - bias.Shape.Rank)).Any(axis => axis.size != 1 && axis.size != result[axis.Item2])))
            throw new UnsupportedOperatorException($"Its bias {bias.Shape} does not suit its result {result}.",
                "Check the exported model.");
        if (alpha != 1)
            w = g.Mul(w, g.Scalar(alpha));
        if (bias is not null && beta != 1)
            bias = g.Mul(bias, g.Scalar(beta));
        int units = w.Shape[0];
        bool fits = bias is { IsConstant: true }
            && (bias.Shape.ElementCount == 1 || (bias.Shape[-1] == units && bias.Shape.ElementCount == units));
        if (fits && bias!.Shape.ElementCount == 1 && units != 1)
            bias = g.Emit(new BroadcastTo(), g.Reshape(bias, [1]), g.Integers(units));
        Tensor y = g.Emit(new FullyConnected(), a, w, fits ? g.Reshape(bias!, [units]) : null);
        return bias is null || fits ? y : g.Add(y, bias);
    }

    /// <summary>The last two axes exchanged; what has fewer is left as it is.</summary>
    public static Tensor Transposed(GraphEmitter g, Tensor x)
    {
        int rank = x.Shape.Rank;
        return rank < 2 ? x : g.Transpose(x, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]);
    }

    private static Tensor Connected(GraphEmitter g, Tensor x, Tensor weights) =>
        g.Emit(new FullyConnected(KeepNumDims: x.Shape.Rank != 2), x, weights, null);
}
