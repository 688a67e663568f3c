using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Orders and running results along an axis.</summary>
internal static class OrderImport
{
    private const int MostSteps = 1024;

    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.topk.default", "self, k, dim=-1, largest=True, sorted=True", static c => Best(c, c.Int("k"), c.Flag("largest"))),
        new("aten.sort.default", "self, dim=-1, descending=False", static c => Best(c, null, c.Flag("descending"))),
        new("aten.sort.stable", "self, *, stable, dim=-1, descending=False", static c => Best(c, null, c.Flag("descending"))),
        new("aten.argsort.default", "self, dim=-1, descending=False", ArgSort),
        new("aten.argsort.stable", "self, *, stable, dim=-1, descending=False", ArgSort),
        new("aten.cumsum.default", "self, dim, *, dtype=None", static c =>
        {
            Tensor x = Numbers(c);
            c.Result(x.Shape.Rank == 0 ? x : c.Emit(new CumSum(), x, c.Scalar(Axes.Of(c.Int("dim"), x.Shape.Rank))));
        }),
        new("aten.cumprod.default", "self, dim, *, dtype=None", static c => Running(c, BinaryKind.Mul)),
        new("aten.cummax.default", "self, dim", static c => Running(c, BinaryKind.Maximum)),
        new("aten.cummin.default", "self, dim", static c => Running(c, BinaryKind.Minimum)),
        new("aten.median.dim", "self, dim, keepdim=False", Median),
    ];

    private static Tensor Numbers(ProgramContext c) =>
        c.Tensor("self", c.ResultType() == ElementType.Float32 ? ElementType.Float32 : ElementType.Int32);

    private static (Tensor Values, Tensor Places) Ordered(ProgramContext c, int? count, bool largest)
    {
        Tensor x = Numbers(c);
        if (x.Shape.Rank == 0)
            return (x, c.Scalar(0));
        int axis = Axes.Of(c.Int("dim"), x.Shape.Rank), k = count ?? x.Shape[axis];
        if (k < 1 || k > x.Shape[axis])
            throw new UnsupportedOperatorException($"{k} elements of an axis of {x.Shape[axis]} are not possible.",
                "Check the exported program.");
        return Ranking.Best(c, x, k, axis, largest);
    }

    private static void Best(ProgramContext c, int? count, bool largest)
    {
        (Tensor values, Tensor places) = Ordered(c, count, largest);
        c.Result(values);
        c.Result(places);
    }

    private static void ArgSort(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        c.Result(x.Shape.Rank == 0 ? c.Scalar(0) : Ranking.Best(c, x.Type == ElementType.Float32 ? x : c.Cast(x, ElementType.Int32),
            x.Shape[Axes.Of(c.Int("dim"), x.Shape.Rank)], Axes.Of(c.Int("dim"), x.Shape.Rank), c.Flag("descending")).Places);
    }

    /// <summary>The lower one of the two in the middle.</summary>
    private static void Median(ProgramContext c)
    {
        (Tensor values, Tensor places) = Ordered(c, null, false);
        int axis = Axes.Of(c.Int("dim"), values.Shape.Rank);
        foreach (Tensor ordered in (Tensor[])[values, places])
        {
            Tensor middle = c.SliceAxis(ordered, axis, (ordered.Shape[axis] - 1) / 2, 1);
            c.Result(c.Flag("keepdim") ? middle : c.Reshape(middle, middle.Shape.Without(axis)));
        }
    }

    /// <summary>Step by step along the axis.</summary>
    private static void Running(ProgramContext c, BinaryKind kind)
    {
        Tensor x = Numbers(c);
        if (x.Shape.Rank > 0)
        {
            int axis = Axes.Of(c.Int("dim"), x.Shape.Rank), steps = x.Shape[axis];
            if (steps > MostSteps)
                throw new UnsupportedOperatorException($"A running result over {steps} steps is too long.",
                    $"Use at most {MostSteps} steps.");
            List<Tensor> results = [];
            foreach (Tensor part in steps == 0 ? [] : c.Split(x, axis, [.. Enumerable.Repeat(1, steps)]))
                results.Add(results.Count == 0 ? part : c.Binary(kind, results[^1], part));
            x = results.Count == 0 ? x : c.Concat(axis, results);
        }
        c.Result(x);
        c.NoResult();
    }
}
