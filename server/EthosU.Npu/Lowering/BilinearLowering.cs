using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Indices;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>
/// RESIZE_BILINEAR of int8 by any factor: the kernel's sums in 32 bits, rows first, then columns, a few rows at a time (npu-operators
/// 2.23).
/// </summary>
/// <param name="context">Where operations go.</param>
/// <param name="node">The node.</param>
internal sealed class BilinearLowering(LoweringContext context, Node node)
{
    private const int ChunkBytes = 1 << 15, MostChunks = 64;

    /// <summary>A multiplication of sums of 1/2²⁰ by 2³⁰ + 1 rounds their halves away from zero.</summary>
    private const int Rounder = (1 << 30) + 1, RounderShift = 50;

    private View? rounder;

    /// <summary>From [H, W, C] to [H', W', C].</summary>
    public void Lower(View x, View y, BilinearCell[] rows, BilinearCell[] columns)
    {
        if (x.Sizes[0] == 1 && rows.Length > 1)
        {
            Lower(x, y.Slice(0, 0, 1), rows[..1], columns);
            MovementLowering.Repeat(context, node, y, 0, have: 1);
        }
        else if (x.Sizes[1] == 1 && columns.Length > 1)
        {
            Lower(x, y.Slice(1, 0, 1), rows, columns[..1]);
            MovementLowering.Repeat(context, node, y, 1, have: 1);
        }
        else if ((long)x.Sizes[0] * y.Sizes[1] < (long)y.Sizes[0] * x.Sizes[1])
            LowerRows(x.Permute([1, 0, 2]), y.Permute([1, 0, 2]), columns, rows);
        else
            LowerRows(x, y, rows, columns);
    }

    private void LowerRows(View x, View y, BilinearCell[] rows, BilinearCell[] columns)
    {
        IndexRun[] rowRuns = BilinearCell.Runs(rows), columnRuns = BilinearCell.Runs(columns);
        View[] fractions = [.. columnRuns.Select(run => Fractions(run, columns, x.Sizes[2]))];
        long rowBytes = sizeof(int) * (long)x.Sizes[1] * x.Sizes[2];
        int least = (rows.Length + MostChunks - 1) / MostChunks, chunk = (int)Math.Max(least, ChunkBytes / rowBytes);
        for (int first = 0; first < rows.Length; first += chunk)
        {
            int count = Math.Min(chunk, rows.Length - first);
            View sums = Rows(x, rowRuns, rows, first, count);
            View target = y.Slice(0, first, count);
            View? steps = x.Sizes[1] == 1 ? null : Steps(sums);
            for (int run = 0; run < columnRuns.Length; run++)
                Columns(sums, steps, columnRuns[run], fractions[run], target);
        }
    }

    /// <summary>Rows of the result before its columns are made, in units of 1/2²⁰.</summary>
    private View Rows(View x, IndexRun[] runs, BilinearCell[] cells, int first, int count)
    {
        int width = x.Sizes[1], depth = x.Sizes[2];
        View low = Gather(x, runs, first, count, 0), sums = Temporary(ElementType.Int32, count, width, depth);
        Emit(new(ElementwiseMode.Mul, node) { OfmScale = new(1 << 20, 0) }, low, 1, sums);
        if (x.Sizes[0] == 1)
            return sums;
        View high = Gather(x, runs, first, count, 1), steps = Temporary(ElementType.Int32, count, width, depth),
            shares = Temporary(ElementType.Int32, count, width, depth), result = Temporary(ElementType.Int32, count, width, depth);
        Emit(new(ElementwiseMode.Sub, node) { OfmScale = FixedPointScale.One }, high, low, steps);
        int[] weights = [.. cells.AsSpan(first, count).ToArray().Select(static cell => cell.Fraction * ResizePositions.Unit)];
        View factors = context.Constant(node, "fractions", TensorData.From<int>([count, 1, 1], weights));
        Emit(new(ElementwiseMode.Mul, node) { OfmScale = FixedPointScale.One }, steps, factors, shares);
        Emit(new(ElementwiseMode.Add, node) { OfmScale = FixedPointScale.One }, sums, shares, result);
        return result;
    }

    /// <summary>The cells of some rows of the result, or those behind them.</summary>
    private View Gather(View x, IndexRun[] runs, int first, int count, int shift)
    {
        IndexRun[] parts = [.. runs.Select(run => run.Within(first, first + count)).OfType<IndexRun>()];
        if (parts is [{ FromStep: > 0 } only] && only.Count == count)
            return x.Slice(0, only.From + shift, count, only.FromStep);
        View rows = Temporary(x.Type, count, x.Sizes[1], x.Sizes[2]);
        foreach (IndexRun part in parts)
        {
            (View from, View to) = part.Of(x.Slice(0, shift, x.Sizes[0] - shift), 0, rows, first);
            context.Copy(node, from, to);
        }
        return rows;
    }

    /// <summary>From each column to the next, in units of 1/2¹⁰.</summary>
    private View Steps(View sums)
    {
        int width = sums.Sizes[1];
        View steps = Temporary(ElementType.Int32, sums.Sizes[0], width - 1, sums.Sizes[2]);
        Emit(new(ElementwiseMode.Sub, node) { OfmScale = new(1, 10) }, sums.Slice(1, 1, width - 1), sums.Slice(1, 0, width - 1), steps);
        return steps;
    }

    private void Columns(View sums, View? steps, IndexRun run, View fractions, View y)
    {
        View source = sums.Slice(1, run.From, run.Count, run.FromStep), target = y.Slice(1, run.Start, run.Count, run.Step);
        if (steps is not null)
        {
            View shares = Temporary(ElementType.Int32, source.Sizes[0], run.Count, source.Sizes[2]),
                result = Temporary(ElementType.Int32, source.Sizes[0], run.Count, source.Sizes[2]);
            Emit(new(ElementwiseMode.Mul, node) { OfmScale = FixedPointScale.One }, steps.Slice(1, run.From, run.Count, run.FromStep),
                fractions, shares);
            Emit(new(ElementwiseMode.Add, node) { OfmScale = FixedPointScale.One }, shares, source, result);
            source = result;
        }
        ActivationRange range = ActivationRange.Of(y.Type);
        rounder ??= context.Constant(node, Rounder);
        Emit(new(ElementwiseMode.Mul, node)
        {
            OfmScale = new(1, RounderShift), Rounding = NpuRounding.Natural, ClampMin = range.Min, ClampMax = range.Max,
        }, source, rounder, target);
    }

    /// <summary>The weights of a run's columns: for each column, or for each channel of each if they are seen as channels.</summary>
    private View Fractions(IndexRun run, BilinearCell[] cells, int depth)
    {
        int repeats = run.FromStep == 1 && IsNarrow(depth) ? depth : 1;
        var values = new int[run.Count * repeats];
        for (int i = 0; i < values.Length; i++)
            values[i] = cells[run.Start + (i / repeats * run.Step)].Fraction;
        return context.Constant(node, "fractions", TensorData.From<int>([1, run.Count, repeats], values));
    }

    private View Temporary(ElementType type, int height, int width, int depth) =>
        context.Temporary(node, "bilinear", type, height, width, depth);

    private void Emit(BinaryTemplate template, View a, View b, View y)
    {
        if (Flat(y) is { } flat && Flat(a) is { } first && (b.Sizes[1] == 1 ? b : Flat(b)) is { } second)
            context.Binary(template, first, second, flat);
        else
            context.Binary(template, a, b, y);
    }

    private void Emit(BinaryTemplate template, View a, int scalar, View y)
    {
        if (Flat(y) is { } flat && Flat(a) is { } first)
            context.Binary(template, first, scalar, false, flat);
        else
            context.Binary(template, a, scalar, false, y);
    }

    /// <summary>Few channels leave much of the hardware idle: the columns beside them are seen as channels, too.</summary>
    private static View? Flat(View view) => IsNarrow(view.Sizes[2]) && view.Sizes[1] * (long)view.Sizes[2] <= Pointwise.MaxAxis
        ? view.TryReshape([view.Sizes[0], 1, view.Sizes[1] * view.Sizes[2]]) : null;

    private static bool IsNarrow(int depth) => depth % 16 != 0;
}
