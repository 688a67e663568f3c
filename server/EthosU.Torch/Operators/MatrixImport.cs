using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Products of matrices.</summary>
internal static class MatrixImport
{
    private const string Sum = ", *, beta=1, alpha=1";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.linear.default", "input, weight, bias=None", Linear),
        new("aten.matmul.default", "self, other", static c => Product(c, "self", "other")),
        new("aten.mm.default", "self, mat2", static c => Product(c, "self", "mat2")),
        new("aten.bmm.default", "self, mat2", static c => Product(c, "self", "mat2")),
        new("aten.mv.default", "self, vec", static c => Product(c, "self", "vec")),
        new("aten.dot.default", "self, tensor", static c => Product(c, "self", "tensor")),
        new("aten.inner.default", "self, other", static c =>
            c.Result(MatrixProduct.Of(c, c.Real("self"), MatrixProduct.Transposed(c, c.Real("other"))))),
        new("aten.linalg_matmul.default", "self, other", static c => Product(c, "self", "other")),
        new("aten.chain_matmul.default", "matrices", static c => c.Result(c.Tensors("matrices").Aggregate((a, b) =>
            MatrixProduct.Of(c, a, b)))),
        new("aten.outer.default", "self, vec2", static c => Outer(c)), new("aten.ger.default", "self, vec2", static c => Outer(c)),
        new("aten.addmm.default", "self, mat1, mat2" + Sum, AddMatrices),
        new("aten.baddbmm.default", "self, batch1, batch2" + Sum, static c => Added(c, "batch1", "batch2")),
        new("aten.addmv.default", "self, mat, vec" + Sum, static c => Added(c, "mat", "vec")),
        new("aten.addbmm.default", "self, batch1, batch2" + Sum, static c => Combined(c,
            c.Reduce(ReduceKind.Sum, MatrixProduct.Of(c, c.Real("batch1"), c.Real("batch2")), [0], false))),
        new("aten.einsum.default", "equation, tensors, *, path=None", static c => c.Result(EinsteinSum.Of(c, c.Text("equation"),
            [.. c.Tensors("tensors").Select(x => c.Cast(x, ElementType.Float32))]))),
        new("aten.bilinear.default", "input1, input2, weight, bias=None", Bilinear),
        new("aten.kron.default", "self, other", Kronecker),
        new("aten.tensordot.default", "self, other, dims_self, dims_other", Contract),
        new("aten._trilinear.default", "i1, i2, i3, expand1, expand2, expand3, sumdim, unroll_dim=1", Trilinear),
        new("aten.cdist.default", "x1, x2, p=2, compute_mode=None", Distances),
        new("aten._cdist_forward.default", "x1, x2, p, compute_mode", Distances),
    ];

    private static void Product(ProgramContext c, string first, string second) =>
        c.Result(MatrixProduct.Of(c, c.Real(first), c.Real(second)));

    private static void Linear(ProgramContext c)
    {
        Tensor x = c.Real("input"), w = c.Real("weight");
        Tensor? bias = c.TryReal("bias");
        if (!w.IsConstant || w.Shape.Rank != 2 || bias is { IsConstant: false } || x.IsConstant)
        {
            Tensor y = MatrixProduct.Of(c, x, MatrixProduct.Transposed(c, w));
            c.Result(bias is null ? y : c.Add(y, bias));
            return;
        }
        if (x.Shape.Rank == 0 || x.Shape[-1] != w.Shape[1])
            throw new UnsupportedOperatorException($"Weights {w.Shape} do not suit the input {x.Shape}.", "Check the exported program.");
        Tensor rows = x.Shape.Rank == 1 ? c.Reshape(x, [1, x.Shape[0]]) : x;
        bool fits = bias is null || (bias.Shape.Rank == 1 && bias.Shape[0] == w.Shape[0]);
        Tensor result = c.Emit(new FullyConnected(KeepNumDims: rows.Shape.Rank != 2), rows, w, fits ? bias : null);
        result = fits ? result : c.Add(result, bias!);
        c.Result(x.Shape.Rank == 1 ? c.Reshape(result, [w.Shape[0]]) : result);
    }

    private static void Outer(ProgramContext c)
    {
        Tensor a = c.Real("self"), b = c.Real("vec2");
        c.Result(c.Mul(c.Reshape(a, [Length(a), 1]), c.Reshape(b, [1, Length(b)])));

        static int Length(Tensor x) => checked((int)x.Shape.ElementCount);
    }

    private static void AddMatrices(ProgramContext c)
    {
        Tensor a = c.Real("mat1"), b = c.Real("mat2"), bias = c.Real("self");
        if (a.Shape.Rank == 2 && b.Shape.Rank == 2 && b.IsConstant && bias.IsConstant && !a.IsConstant)
            c.Result(MatrixProduct.Linear(c, a, c.Transpose(b, 1, 0), bias, c.Float("alpha"), c.Float("beta")));
        else
            Added(c, "mat1", "mat2");
    }

    private static void Added(ProgramContext c, string first, string second) =>
        Combined(c, MatrixProduct.Of(c, c.Real(first), c.Real(second)));

    private static void Combined(ProgramContext c, Tensor product)
    {
        double alpha = c.Double("alpha"), beta = c.Double("beta");
        if (alpha != 1)
            product = c.Mul(product, c.Scalar((float)alpha));
        if (beta == 0)
        {
            c.Result(product);
            return;
        }
        Tensor self = c.Real("self");
        c.Result(c.Add(beta == 1 ? self : c.Mul(self, c.Scalar((float)beta)), product));
    }

    private static void Bilinear(ProgramContext c)
    {
        Tensor y = EinsteinSum.Of(c, "...i,oij->...oj", [c.Real("input1"), c.Real("weight")]);
        y = EinsteinSum.Of(c, "...oj,...j->...o", [y, c.Real("input2")]);
        c.Result(c.TryReal("bias") is { } bias ? c.Add(y, bias) : y);
    }

    /// <summary>Three operands widened by axes of size 1, multiplied, and summed along axes.</summary>
    private static void Trilinear(ProgramContext c)
    {
        Tensor product = c.Mul(c.Mul(Widened("i1", "expand1"), Widened("i2", "expand2")), Widened("i3", "expand3"));
        c.Result(c.Reduce(ReduceKind.Sum, product, Axes.Of(c.Ints("sumdim"), product.Shape.Rank), false));

        Tensor Widened(string operand, string axes)
        {
            Tensor x = c.Real(operand);
            List<int> sizes = [.. x.Shape];
            foreach (int axis in c.Ints(axes).Order())
                sizes.Insert(Math.Clamp(axis, 0, sizes.Count), 1);
            return c.Reshape(x, new([.. sizes]));
        }
    }

    private static void Kronecker(ProgramContext c)
    {
        Tensor a = c.Real("self"), b = c.Real("other");
        int rank = Math.Max(a.Shape.Rank, b.Shape.Rank);
        int[] left = [.. Enumerable.Repeat(1, rank - a.Shape.Rank), .. a.Shape],
            right = [.. Enumerable.Repeat(1, rank - b.Shape.Rank), .. b.Shape];
        Tensor product = c.Mul(c.Reshape(a, new([.. left.SelectMany(static size => (int[])[size, 1])])),
            c.Reshape(b, new([.. right.SelectMany(static size => (int[])[1, size])])));
        c.Result(c.Reshape(product, new([.. left.Zip(right, static (x, y) => checked(x * y))])));
    }

    private static void Contract(ProgramContext c)
    {
        Tensor a = c.Real("self"), b = c.Real("other");
        int[] left = Axes.Of(c.Ints("dims_self"), a.Shape.Rank), right = Axes.Of(c.Ints("dims_other"), b.Shape.Rank);
        if (left.Length != right.Length)
            throw new UnsupportedOperatorException("Its axes are not equally many.", "Check the exported program.");
        char[] first = [.. Enumerable.Range(0, a.Shape.Rank).Select(static i => (char)('a' + i))];
        char[] second = [.. Enumerable.Range(0, b.Shape.Rank).Select(static i => (char)('A' + i))];
        for (int i = 0; i < left.Length; i++)
            second[right[i]] = first[left[i]];
        string result = new([.. first.Where((_, i) => !left.Contains(i)), .. second.Where((_, i) => !right.Contains(i))]);
        c.Result(EinsteinSum.Of(c, $"{new string(first)},{new string(second)}->{result}", [a, b]));
    }

    /// <summary>Distances of all pairs of rows.</summary>
    private static void Distances(ProgramContext c)
    {
        Tensor a = c.Real("x1"), b = c.Real("x2");
        if (a.Shape.Rank < 2 || b.Shape.Rank < 2)
            throw new UnsupportedOperatorException($"{a.Shape} and {b.Shape} are no matrices.", "Check the exported program.");
        Tensor difference = c.Sub(c.Reshape(a, new(a.Shape.Sizes.Insert(a.Shape.Rank - 1, 1))),
            c.Reshape(b, new(b.Shape.Sizes.Insert(b.Shape.Rank - 2, 1))));
        c.Result(ReductionImport.Norm(c, difference, c.Double("p"), [difference.Shape.Rank - 1], false));
    }
}
