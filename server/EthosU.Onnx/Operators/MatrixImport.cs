using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Gemm and MatMul.</summary>
internal static class MatrixImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Gemm", c => c.Output(0, General(c, c.Input(0), c.Input(1), c.TryInput(2)))),
        ("MatMul", c => c.Output(0, Product(c, c.Input(0), c.Input(1)))), ("FusedMatMul", FusedMatMul), ("Einsum", EinsumImport.Import),
    ];

    /// <summary>alpha a b + beta bias, with the node's attributes.</summary>
    public static Tensor General(ImportContext c, Tensor a, Tensor b, Tensor? bias)
    {
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2)
            throw ImportContext.Unsupported($"Gemm of {a.Shape} and {b.Shape} is not possible.", "Check the exported model.");
        float alpha = c.Node.Float("alpha", 1), beta = c.Node.Float("beta", 1);
        if (c.Node.Int("transA", 0) != 0)
            a = c.Transpose(a, 1, 0);
        if (c.Node.Int("transB", 0) == 0)
            b = c.Transpose(b, 1, 0); // weights as [units, depth]
        if (a.Shape[1] != b.Shape[1])
            throw ImportContext
                .Unsupported($"Its rows of {a.Shape[1]} numbers and its weights for {b.Shape[1]} do not suit each other.",
                "Check the exported model.");
        Shape result = [a.Shape[0], b.Shape[0]];
        if (bias is not null
            && (bias.Shape.Rank > 2
            || bias.Shape.Select((size, i) => (size, i - bias.Shape.Rank)).Any(axis => axis.size != 1 && axis.size != result[axis.Item2])))
            throw ImportContext.Unsupported($"Its bias {bias.Shape} does not suit its result {result}.", "Check the exported model.");
        if (alpha != 1)
            b = c.Mul(b, c.Scalar(alpha));
        if (bias is not null && beta != 1)
            bias = c.Mul(bias, c.Scalar(beta));
        int units = b.Shape[0];
        bool fits = bias is { IsConstant: true }
            && (bias.Shape.ElementCount == 1 || (bias.Shape[-1] == units && bias.Shape.ElementCount == units));
        if (fits && bias!.Shape.ElementCount == 1 && units != 1)
            bias = c.Emit(new BroadcastTo(), c.Reshape(bias, [1]), c.Integers(units));
        Tensor y = c.Emit(new FullyConnected(), a, b, fits ? c.Reshape(bias!, [units]) : null);
        return bias is null || fits ? y : c.Add(y, bias);
    }

    private static void FusedMatMul(ImportContext c)
    {
        Tensor a = c.Input(0), b = c.Input(1);
        if (c.Node.Int("transBatchA", 0) != 0 || c.Node.Int("transBatchB", 0) != 0)
            throw ImportContext
                .Unsupported("A product with transposed batches cannot be expressed.",
                "Give the model as PyTorch exported it, not as ONNX Runtime optimized it.");
        if (c.Node.Int("transA", 0) != 0)
            a = SwapLast(c, a);
        if (c.Node.Int("transB", 0) != 0)
            b = SwapLast(c, b);
        Tensor y = Product(c, a, b);
        float alpha = c.Node.Float("alpha", 1);
        c.Output(0, alpha == 1 ? y : c.Mul(y, c.Scalar(alpha)));
    }

    private static Tensor SwapLast(ImportContext c, Tensor x)
    {
        int rank = x.Shape.Rank;
        return rank < 2 ? x : c.Transpose(x, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]);
    }

    /// <summary>A matrix product with NumPy's rules; FULLY_CONNECTED where one side is a constant matrix.</summary>
    public static Tensor Product(ImportContext c, Tensor a, Tensor b)
    {
        if (a.Shape.Rank == 0 || b.Shape.Rank == 0)
            throw ImportContext.Unsupported("A scalar is no operand of a matrix product.", "Check the exported model.");
        if (a.Type != ElementType.Float32)
            return c.Cast(Product(c, c.Cast(a, ElementType.Float32), c.Cast(b, ElementType.Float32)), a.Type);
        bool row = a.Shape.Rank == 1, column = b.Shape.Rank == 1;
        if (row)
            a = c.Reshape(a, [1, a.Shape[0]]);
        if (column)
            b = c.Reshape(b, [b.Shape[0], 1]);
        if (a.Shape[-1] != b.Shape[-2])
            throw ImportContext.Unsupported($"A product of {a.Shape} and {b.Shape} is not possible.", "Check the exported model.");
        if (b.IsConstant && b.Shape.Rank > 2 && b.Shape.Rank <= a.Shape.Rank && b.Shape.ElementCount == (long)b.Shape[-1] * b.Shape[-2])
            b = c.Reshape(b, [b.Shape[-2], b.Shape[-1]]);
        Tensor y = b.IsConstant && b.Shape.Rank == 2 && !a.IsConstant ? Connected(c, a, c.Transpose(b, 1, 0))
            : a.IsConstant && a.Shape.Rank == 2 && !b.IsConstant ? SwapLast(c, Connected(c, SwapLast(c, b), a))
            : c.Emit(new BatchMatMul(), a, b);
        if (row)
            y = c.Reshape(y, y.Shape.Without(y.Shape.Rank - 2));
        return column ? c.Reshape(y, y.Shape.Without(y.Shape.Rank - 1)) : y;
    }

    private static Tensor Connected(ImportContext c, Tensor x, Tensor weights) =>
        c.Emit(new FullyConnected(KeepNumDims: x.Shape.Rank != 2), x, weights, null);
}
