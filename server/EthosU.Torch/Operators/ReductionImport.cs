using EthosU.Graphs;
using EthosU.Import;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Reductions.</summary>
internal static class ReductionImport
{
    private const string Along = "self, dim=None, keepdim=False, *, dtype=None", All = "self, *, dtype=None";
    private const string Corrected = "self, dim=None, *, correction=None, keepdim=False";
    private const string Unbiased = "self, dim, unbiased=True, keepdim=False";
    private const string One = "self, dim, keepdim=False", Several = "self, dim=[], keepdim=False";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.mean.default", All, static c => Plain(c, ReduceKind.Mean, null, false)),
        new("aten.mean.dim", Along, static c => Plain(c, ReduceKind.Mean, c.TryInts("dim"), c.Flag("keepdim"))),
        new("aten.sum.default", All, static c => Plain(c, ReduceKind.Sum, null, false)),
        new("aten.sum.dim_IntList", Along, static c => Plain(c, ReduceKind.Sum, c.TryInts("dim"), c.Flag("keepdim"))),
        new("aten.nansum.default", Along, static c => Plain(c, ReduceKind.Sum, c.TryInts("dim"), c.Flag("keepdim"))),
        new("aten.prod.default", All, static c => Plain(c, ReduceKind.Product, null, false)),
        new("aten.prod.dim_int", Along, static c => Plain(c, ReduceKind.Product, c.TryInts("dim"), c.Flag("keepdim"))),
        new("aten.amax.default", Several, static c => Plain(c, ReduceKind.Max, c.Ints("dim"), c.Flag("keepdim"))),
        new("aten.amin.default", Several, static c => Plain(c, ReduceKind.Min, c.Ints("dim"), c.Flag("keepdim"))),
        new("aten.max.default", "self", static c => Plain(c, ReduceKind.Max, null, false)),
        new("aten.min.default", "self", static c => Plain(c, ReduceKind.Min, null, false)),
        new("aten.max.dim", One, static c => WithIndex(c, ReduceKind.Max, ArgKind.Max)),
        new("aten.min.dim", One, static c => WithIndex(c, ReduceKind.Min, ArgKind.Min)),
        new("aten.aminmax.default", "self, *, dim=None, keepdim=False", static c =>
        {
            int[]? axes = c.TryInts("dim");
            Plain(c, ReduceKind.Min, axes, c.Flag("keepdim"));
            Plain(c, ReduceKind.Max, axes, c.Flag("keepdim"));
        }),
        new("aten.argmax.default", "self, dim=None, keepdim=False", static c => c.Result(Index(c, ArgKind.Max))),
        new("aten.argmin.default", "self, dim=None, keepdim=False", static c => c.Result(Index(c, ArgKind.Min))),
        new("aten.any.default", "self", static c => Logical(c, ReduceKind.Any, null, false)),
        new("aten.any.dim", One, static c => Logical(c, ReduceKind.Any, c.Ints("dim"), c.Flag("keepdim"))),
        new("aten.any.dims", "self, dim=None, keepdim=False", static c =>
            Logical(c, ReduceKind.Any, c.TryInts("dim"), c.Flag("keepdim"))),
        new("aten.all.default", "self", static c => Logical(c, ReduceKind.All, null, false)),
        new("aten.all.dim", One, static c => Logical(c, ReduceKind.All, c.Ints("dim"), c.Flag("keepdim"))),
        new("aten.all.dims", "self, dim=None, keepdim=False", static c =>
            Logical(c, ReduceKind.All, c.TryInts("dim"), c.Flag("keepdim"))),
        .. Statistics("var", false, false), .. Statistics("std", true, false), .. Statistics("var_mean", false, true),
        .. Statistics("std_mean", true, true),
        new("aten.linalg_vector_norm.default", "self, ord=2, dim=None, keepdim=False, *, dtype=None", static c =>
            Norm(c, c.Double("ord"), c.TryInts("dim"), c.Flag("keepdim"))),
        new("aten.norm.Scalar", "self, p=2", static c => Norm(c, c.Double("p"), null, false)),
        new("aten.norm.ScalarOpt_dim", "self, p, dim, keepdim=False", static c =>
            Norm(c, c.TryDouble("p") ?? 2, c.Ints("dim"), c.Flag("keepdim"))),
        new("aten.norm.ScalarOpt_dim_dtype", "self, p, dim, keepdim, *, dtype", static c =>
            Norm(c, c.TryDouble("p") ?? 2, c.Ints("dim"), c.Flag("keepdim"))),
        new("aten.frobenius_norm.dim", One, static c => Norm(c, 2, c.Ints("dim"), c.Flag("keepdim"))),
        new("aten.logsumexp.default", One, LogOfSum), new("aten.count_nonzero.default", "self, dim=None", Count),
        new("aten.count_nonzero.dim_IntList", "self, dim", Count),
    ];

    private static OperatorImporter[] Statistics(string name, bool root, bool withMean) =>
    [
        new($"aten.{name}.default", "self, unbiased=True", c => Deviation(c, null, c.Flag("unbiased") ? 1 : 0, false, root, withMean)),
        new($"aten.{name}.dim", Unbiased, c =>
            Deviation(c, c.TryInts("dim"), c.Flag("unbiased") ? 1 : 0, c.Flag("keepdim"), root, withMean)),
        new($"aten.{name}.correction", Corrected, c =>
            Deviation(c, c.TryInts("dim"), c.TryDouble("correction") ?? 1, c.Flag("keepdim"), root, withMean)),
    ];

    private static Tensor Reduced(ProgramContext c, ReduceKind kind, Tensor x, int[]? dims, bool keep) =>
        c.Reduce(kind, x, Axes.OrAll(dims, x.Shape.Rank), keep);

    private static Tensor Numbers(ProgramContext c) =>
        c.Tensor("self", c.ResultType() == ElementType.Float32 ? ElementType.Float32 : ElementType.Int32);

    private static void Plain(ProgramContext c, ReduceKind kind, int[]? dims, bool keep) =>
        c.Result(Reduced(c, kind, Numbers(c), dims, keep));

    private static void Logical(ProgramContext c, ReduceKind kind, int[]? dims, bool keep) =>
        c.Result(Reduced(c, kind, c.Tensor("self", ElementType.Bool), dims, keep));

    private static void WithIndex(ProgramContext c, ReduceKind kind, ArgKind arg)
    {
        Plain(c, kind, c.Ints("dim"), c.Flag("keepdim"));
        if (c.Wants(1))
            c.Result(Index(c, arg));
        else
            c.NoResult();
    }

    private static Tensor Index(ProgramContext c, ArgKind kind)
    {
        Tensor x = c.Tensor("self");
        x = x.Type == ElementType.Float32 ? x : c.Cast(x, ElementType.Int32);
        int[]? dims = c.TryInts("dim");
        bool keep = c.Flag("keepdim");
        int rank = x.Shape.Rank, axis = dims is null or [] ? 0 : Axes.Of(dims[0], rank);
        if (rank == 0 || dims is null or [])
        {
            Tensor flat = c.Emit(new ArgReduce(kind), c.Reshape(x, [checked((int)x.Shape.ElementCount)]), c.Scalar(0));
            return c.Reshape(flat, keep ? [.. Enumerable.Repeat(1, rank)] : Shape.Scalar);
        }
        Tensor y = c.Emit(new ArgReduce(kind), x, c.Scalar(axis));
        return keep ? c.Reshape(y, x.Shape.With(axis, 1)) : y;
    }

    private static void Deviation(ProgramContext c, int[]? dims, double correction, bool keep, bool root, bool withMean)
    {
        Tensor x = c.Real("self");
        int[] axes = Axes.OrAll(dims, x.Shape.Rank);
        Tensor mean = c.Reduce(ReduceKind.Mean, x, axes, true), centred = c.Sub(x, mean);
        double count = axes.Aggregate(1.0, (n, axis) => n * x.Shape[axis]), rest = Math.Max(0, count - correction);
        if (rest == 0)
            throw new UnsupportedOperatorException($"The variance of {count} numbers with correction {correction} is not defined.",
                "Use unbiased=False, or more numbers.");
        Tensor variance = c.Reduce(ReduceKind.Mean, c.Mul(centred, centred), axes, keep);
        if (rest != count)
            variance = c.Mul(variance, c.Scalar((float)(count / rest)));
        c.Result(root ? c.Unary(UnaryKind.Sqrt, variance) : variance);
        if (withMean)
            c.Result(keep ? mean : c.Reshape(mean, variance.Shape));
    }

    private static void Norm(ProgramContext c, double order, int[]? dims, bool keep)
    {
        Tensor x = c.Real("self");
        c.Result(Norm(c, x, order, Axes.OrAll(dims, x.Shape.Rank), keep));
    }

    /// <summary>The p-norm along axes: (Σ |x|^p)^(1 / p).</summary>
    public static Tensor Norm(ProgramContext c, Tensor x, double order, int[] axes, bool keep)
    {
        if (order == 2)
            return c.Unary(UnaryKind.Sqrt, c.Reduce(ReduceKind.Sum, c.Mul(x, x), axes, keep));
        Tensor size = c.Unary(UnaryKind.Abs, x);
        return order switch
        {
            1 => c.Reduce(ReduceKind.Sum, size, axes, keep),
            double.PositiveInfinity => c.Reduce(ReduceKind.Max, size, axes, keep),
            double.NegativeInfinity => c.Reduce(ReduceKind.Min, size, axes, keep),
            0 => c.Reduce(ReduceKind.Sum, c.Cast(c.Convert(x, ElementType.Bool), ElementType.Float32), axes, keep),
            _ => c.Emit(new Binary(BinaryKind.Pow), c.Reduce(ReduceKind.Sum, c.Emit(new Binary(BinaryKind.Pow), size,
                c.Scalar((float)order)), axes, keep), c.Scalar((float)(1 / order))),
        };
    }

    /// <summary>ln Σ eˣ, with the largest taken off before, so that nothing overflows.</summary>
    private static void LogOfSum(ProgramContext c)
    {
        Tensor x = c.Real("self");
        int[] axes = Axes.OrAll(c.Ints("dim"), x.Shape.Rank);
        Tensor most = c.Reduce(ReduceKind.Max, x, axes, true);
        Tensor sum = c.Reduce(ReduceKind.Sum, c.Unary(UnaryKind.Exp, c.Sub(x, most)), axes, c.Flag("keepdim"));
        c.Result(c.Add(c.Unary(UnaryKind.Log, sum), c.Reshape(most, sum.Shape)));
    }

    private static void Count(ProgramContext c) => c.Result(Reduced(c, ReduceKind.Sum,
        c.Cast(c.Tensor("self", ElementType.Bool), ElementType.Int32), c.TryInts("dim"), false));
}
