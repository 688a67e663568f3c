using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Gemm, MatMul and Einsum.</summary>
internal static class MatrixImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Gemm", c => c.Output(0, General(c, c.Input(0), c.Input(1), c.TryInput(2)))),
        ("MatMul", c => c.Output(0, MatrixProduct.Of(c, c.Input(0), c.Input(1)))), ("FusedMatMul", FusedMatMul),
        ("Einsum", c => c.Output(0,
            EinsteinSum.Of(c, c.Node.Text("equation", ""), [.. Enumerable.Range(0, c.InputCount).Select(c.Input)]))),
    ];

    /// <summary>alpha a b + beta bias, with the node's attributes.</summary>
    public static Tensor General(ImportContext c, Tensor a, Tensor b, Tensor? bias)
    {
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2)
            throw new UnsupportedOperatorException($"Gemm of {a.Shape} and {b.Shape} is not possible.", "Check the exported model.");
        float alpha = c.Node.Float("alpha", 1), beta = c.Node.Float("beta", 1);
        if (c.Node.Int("transA", 0) != 0)
            a = c.Transpose(a, 1, 0);
        if (c.Node.Int("transB", 0) == 0)
            b = c.Transpose(b, 1, 0);
        return MatrixProduct.Linear(c, a, b, bias, alpha, beta);
    }

    private static void FusedMatMul(ImportContext c)
    {
        Tensor a = c.Input(0), b = c.Input(1);
        if (c.Node.Int("transBatchA", 0) != 0 || c.Node.Int("transBatchB", 0) != 0)
            throw new UnsupportedOperatorException("A product with transposed batches cannot be expressed.",
                "Give the model as PyTorch exported it, not as ONNX Runtime optimized it.");
        if (c.Node.Int("transA", 0) != 0)
            a = MatrixProduct.Transposed(c, a);
        if (c.Node.Int("transB", 0) != 0)
            b = MatrixProduct.Transposed(c, b);
        Tensor y = MatrixProduct.Of(c, a, b);
        float alpha = c.Node.Float("alpha", 1);
        c.Output(0, alpha == 1 ? y : c.Mul(y, c.Scalar(alpha)));
    }
}
