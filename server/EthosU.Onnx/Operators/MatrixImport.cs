using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Gemm, MatMul and Einsum.</summary>
internal static class MatrixImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
        [("Gemm", Gemm), ("MatMul", c => c.Output(0, Product(c, c.Input(0), c.Input(1)))), ("FusedMatMul", FusedMatMul), ("Einsum", Einsum)];

    private static void Gemm(ImportContext c)
    {
        Tensor a = c.Input(0), b = c.Input(1);
        float alpha = c.Node.Float("alpha", 1), beta = c.Node.Float("beta", 1);
        if (c.Node.Int("transA", 0) != 0)
            a = c.Transpose(a, 1, 0);
        if (c.Node.Int("transB", 0) == 0)
            b = c.Transpose(b, 1, 0); // weights as [units, depth]
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2)
            throw ImportContext.Unsupported($"Gemm of {a.Shape} and {b.Shape} is not possible.", "Check the exported model.");
        if (alpha != 1)
            b = c.Mul(b, c.Scalar(alpha));
        Tensor? bias = c.TryInput(2);
        if (bias is not null && beta != 1)
            bias = c.Mul(bias, c.Scalar(beta));
        int units = b.Shape[0];
        bool fits = bias is { IsConstant: true } && (bias.Shape.ElementCount == 1 || (bias.Shape[-1] == units && bias.Shape.ElementCount == units));
        if (fits && bias!.Shape.ElementCount == 1 && units != 1)
            bias = c.Emit(new BroadcastTo(), c.Reshape(bias, [1]), c.Integers(units));
        Tensor y = c.Emit(new FullyConnected(), a, b, fits ? c.Reshape(bias!, [units]) : null);
        c.Output(0, bias is null || fits ? y : c.Add(y, bias));
    }

    private static void FusedMatMul(ImportContext c)
    {
        Tensor a = c.Input(0), b = c.Input(1);
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
        return c.Transpose(x, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]);
    }

    /// <summary>A matrix product with NumPy's rules; FULLY_CONNECTED where the right side is a constant matrix.</summary>
    public static Tensor Product(ImportContext c, Tensor a, Tensor b)
    {
        if (a.Shape.Rank == 0 || b.Shape.Rank == 0)
            throw ImportContext.Unsupported("A scalar is no operand of a matrix product.", "Check the exported model.");
        bool row = a.Shape.Rank == 1, column = b.Shape.Rank == 1;
        if (row)
            a = c.Reshape(a, [1, a.Shape[0]]);
        if (column)
            b = c.Reshape(b, [b.Shape[0], 1]);
        Tensor y = b.IsConstant && b.Shape.Rank == 2 && a.Shape.Rank >= 2 && !a.IsConstant
            ? c.Emit(new FullyConnected(KeepNumDims: a.Shape.Rank != 2), a, c.Transpose(b, 1, 0), null)
            : c.Emit(new BatchMatMul(), a, b);
        if (row)
            y = c.Reshape(y, y.Shape.Without(y.Shape.Rank - 2));
        return column ? c.Reshape(y, y.Shape.Without(y.Shape.Rank - 1)) : y;
    }

    private static void Einsum(ImportContext c)
    {
        string equation = c.Node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length != 2 || equation.Contains('.', StringComparison.Ordinal) || terms.Length is < 1 or > 2
            || terms.Any(term => term.Distinct().Count() != term.Length) || terms.Where((term, i) => term.Length != c.Input(i).Shape.Rank).Any())
            throw ImportContext.Unsupported($"The equation '{equation}' is not of a kind that can be expressed.", "Use matmul, permute and sum instead of einsum.");
        string result = sides[1];
        if (terms.Length == 1)
        {
            c.Output(0, Arrange(c, c.Input(0), terms[0], result));
            return;
        }
        string batch = new([.. result.Where(l => terms[0].Contains(l, StringComparison.Ordinal) && terms[1].Contains(l, StringComparison.Ordinal))]);
        string contracted = new([.. terms[0].Where(l => terms[1].Contains(l, StringComparison.Ordinal) && !result.Contains(l, StringComparison.Ordinal))]);
        string left = new([.. result.Where(l => terms[0].Contains(l, StringComparison.Ordinal) && !batch.Contains(l, StringComparison.Ordinal))]);
        string right = new([.. result.Where(l => terms[1].Contains(l, StringComparison.Ordinal) && !batch.Contains(l, StringComparison.Ordinal))]);
        Tensor a = Arrange(c, c.Input(0), terms[0], batch + left + contracted), b = Arrange(c, c.Input(1), terms[1], batch + contracted + right);
        Dictionary<char, int> sizes = [];
        for (int i = 0; i < 2; i++)
            foreach ((char label, int size) in terms[i].Zip(c.Input(i).Shape))
                sizes[label] = size;
        int[] batchSizes = [.. batch.Select(l => sizes[l])];
        int m = Size(left), k = Size(contracted), n = Size(right);
        Tensor y = Product(c, c.Reshape(a, [.. batchSizes, m, k]), c.Reshape(b, [.. batchSizes, k, n]));
        string order = batch + left + right;
        y = c.Reshape(y, new([.. order.Select(l => sizes[l])]));
        c.Output(0, Arrange(c, y, order, result));

        int Size(string labels) => labels.Aggregate(1, (product, label) => checked(product * sizes[label]));
    }

    /// <summary>Sums the axes that are not wanted and puts the others in order.</summary>
    private static Tensor Arrange(ImportContext c, Tensor x, string labels, string wanted)
    {
        int[] surplus = [.. labels.Select((l, i) => (l, i)).Where(p => !wanted.Contains(p.l, StringComparison.Ordinal)).Select(p => p.i)];
        if (surplus.Length > 0)
            x = c.Reduce(ReduceKind.Sum, x, surplus, false);
        string rest = new([.. labels.Where(l => wanted.Contains(l, StringComparison.Ordinal))]);
        return c.Transpose(x, [.. wanted.Select(l => rest.IndexOf(l, StringComparison.Ordinal))]);
    }
}
