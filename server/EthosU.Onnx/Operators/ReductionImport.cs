using EthosU.Graphs;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Reductions and scans.</summary>
internal static class ReductionImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("ReduceMean", Plain(ReduceKind.Mean)), ("ReduceSum", Plain(ReduceKind.Sum)), ("ReduceMax", Plain(ReduceKind.Max)),
        ("ReduceMin", Plain(ReduceKind.Min)), ("ReduceProd", Plain(ReduceKind.Product)),
        ("ReduceL1", c => Reduce(c, x => c.Unary(UnaryKind.Abs, x), ReduceKind.Sum, null)),
        ("ReduceL2", c => Reduce(c, x => c.Mul(x, x), ReduceKind.Sum, UnaryKind.Sqrt)),
        ("ReduceSumSquare", c => Reduce(c, x => c.Mul(x, x), ReduceKind.Sum, null)),
        ("ReduceLogSum", c => Reduce(c, x => x, ReduceKind.Sum, UnaryKind.Log)),
        ("ReduceLogSumExp", c => Reduce(c, x => c.Unary(UnaryKind.Exp, x), ReduceKind.Sum, UnaryKind.Log)),
        ("ArgMax", c => Arg(c, ArgKind.Max)), ("ArgMin", c => Arg(c, ArgKind.Min)), ("TopK", TopK), ("CumSum", CumSum),
    ];

    private static Action<ImportContext> Plain(ReduceKind kind) => c => Reduce(c, x => x, kind, null);

    private static void Reduce(ImportContext c, Func<Tensor, Tensor> before, ReduceKind kind, UnaryKind? after)
    {
        Tensor x = c.Input(0);
        int[]? axes = c.ReadIntegers(1, "axes");
        if (axes is null or [] && c.Node.Int("noop_with_empty_axes", 0) != 0)
        {
            Tensor same = before(x);
            c.Output(0, after is { } unary ? c.Unary(unary, same) : same);
            return;
        }
        axes = axes is null or [] ? [.. Enumerable.Range(0, x.Shape.Rank)] : [.. axes.Select(x.Shape.NormalizeAxis)];
        Tensor y = c.Reduce(kind, before(x), axes, c.Node.Int("keepdims", 1) != 0);
        c.Output(0, after is { } function ? c.Unary(function, y) : y);
    }

    /// <summary>The mean along axes, or along all, by the node's other attributes.</summary>
    public static Tensor MeanOf(ImportContext c, Tensor x, int[]? axes) =>
        c.Reduce(ReduceKind.Mean, x, axes is null or [] ? [.. Enumerable.Range(0, x.Shape.Rank)] : [.. axes.Select(x.Shape.NormalizeAxis)],
        c.Node.Int("keepdims", 1) != 0);

    private static void Arg(ImportContext c, ArgKind kind)
    {
        Tensor x = c.Input(0);
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", 0));
        bool last = c.Node.Int("select_last_index", 0) != 0; // the first one from behind
        Tensor y = c.Emit(new ArgReduce(kind), last ? c.Emit(new ReverseV2(), x, c.Integers(axis)) : x, c.Scalar(axis));
        y = last ? c.Sub(c.Scalar(x.Shape[axis] - 1), y) : y;
        c.Output(0, c.Node.Int("keepdims", 1) != 0 ? c.Reshape(y, x.Shape.With(axis, 1)) : y);
    }

    private static void TopK(ImportContext c)
    {
        Tensor x = c.Input(0);
        int k = c.Node.Has("k") ? c.Node.Int("k", 1) : c.Integer(1, "k");
        (Tensor values, Tensor places) = Ranking.Best(c, x, k, x.Shape.NormalizeAxis(c.Node.Int("axis", -1)),
            c.Node.Int("largest", 1) != 0);
        c.Output(0, values);
        c.Output(1, places);
    }

    private static void CumSum(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = x.Shape.NormalizeAxis(c.Integer(1, "axis"));
        c.Output(0, c.Emit(new CumSum(c.Node.Int("exclusive", 0) != 0, c.Node.Int("reverse", 0) != 0), x, c.Scalar(axis)));
    }
}
