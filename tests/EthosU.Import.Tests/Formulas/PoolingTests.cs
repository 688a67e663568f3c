using EthosU.Graphs;
using EthosU.Import.Formulas;
using Xunit;

namespace EthosU.Import.Tests.Formulas;

/// <summary>Pools give what a look at each window gives.</summary>
public sealed class PoolingTests
{
    /// <summary>Windows of 3 × 2 over 7 × 8 pixels: stride, padding, dilation, ceil_mode; count_include_pad for the average.</summary>
    [Theory]
    [InlineData(1, 0, 1, false, false)]
    [InlineData(2, 1, 1, false, false)]
    [InlineData(2, 1, 1, false, true)]
    [InlineData(2, 1, 1, true, false)]
    [InlineData(2, 1, 1, true, true)]
    [InlineData(3, 0, 1, true, true)]
    [InlineData(2, 0, 2, false, false)]
    [InlineData(1, 1, 2, false, true)]
    public void A_window_is_as_large_as_the_image_lets_it(int stride, int pad, int dilation, bool ceil, bool countsPadding)
    {
        FormulaGraph maxima = new(), means = new();
        WindowOptions options = new()
        {
            Kernel = [3, 2], Strides = [stride, stride], Begin = [pad, pad], End = [pad, pad], Dilations = [dilation, dilation],
            CeilMode = ceil,
        };
        Tensor x = maxima.Input(1, 2, 7, 8);
        maxima.Gives(Plain(maxima.Of(x), options, stride, pad, dilation, ceil, static (cells, _) => cells.Max()),
            Pooling.Maximum(maxima.Emitter, x, options));
        x = means.Input(1, 2, 7, 8);
        means.Gives(Plain(means.Of(x), options, stride, pad, dilation, ceil,
            (cells, all) => cells.Sum() / (countsPadding ? all : cells.Count)), Pooling.Average(means.Emitter, x, options, countsPadding));
    }

    [Fact]
    public void The_norm_of_windows_and_of_whole_channels()
    {
        FormulaGraph f = new(), whole = new();
        WindowOptions options = new() { Kernel = [3, 2], Strides = [2, 2] };
        Tensor x = f.Input(1, 2, 7, 8);
        f.Gives(Plain(f.Of(x), options, 2, 0, 1, false, static (cells, _) => Math.Sqrt(cells.Sum(static v => v * v))),
            Pooling.Norm(f.Emitter, x, options));
        x = whole.Input(2, 3, 4, 5);
        Numbers values = whole.Of(x);
        whole.Gives(Numbers.Make([2, 3, 1, 1],
            o => Math.Sqrt(Numbers.Indices([4, 5]).Sum(i => Math.Pow(values[o[0], o[1], i[0], i[1]], 2)))),
            Pooling.GlobalNorm(whole.Emitter, x));
    }

    /// <summary>Three axes are pooled in two steps.</summary>
    [Fact]
    public void Windows_over_three_axes()
    {
        WindowOptions options = new() { Kernel = [2, 3, 2], Strides = [1, 2, 2] };
        FormulaGraph maxima = new(), means = new(), sums = new();
        Tensor x = maxima.Input(1, 2, 3, 5, 4);
        maxima.Gives(Deep(maxima.Of(x), static cells => cells.Max()), Pooling.Maximum(maxima.Emitter, x, options));
        x = means.Input(1, 2, 3, 5, 4);
        means.Gives(Deep(means.Of(x), static cells => cells.Average()), Pooling.Average(means.Emitter, x, options, true));
        x = sums.Input(1, 2, 3, 5, 4);
        sums.Gives(Deep(sums.Of(x), static cells => cells.Sum() / 7), Pooling.Sum(sums.Emitter, x, options, 1.0 / 7));
    }

    [Fact]
    public void A_sum_counts_what_a_window_holds_times_a_factor()
    {
        FormulaGraph f = new();
        WindowOptions options = new() { Kernel = [3, 2], Strides = [2, 2], Begin = [1, 1], End = [1, 1] };
        Tensor x = f.Input(1, 2, 7, 8);
        f.Gives(Plain(f.Of(x), options, 2, 1, 1, false, static (cells, _) => cells.Sum() / 5), Pooling.Sum(f.Emitter, x, options, 0.2));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 3)]
    [InlineData(5, 4)]
    [InlineData(3, 12)]
    public void Windows_to_a_size_reach_as_far_as_their_share(int rows, int columns)
    {
        FormulaGraph means = new(), maxima = new();
        Tensor x = means.Input(1, 2, 12, 9);
        means.Gives(Shares(means.Of(x), rows, columns, static cells => cells.Average()),
            AdaptivePooling.Average(means.Emitter, x, [rows, columns]));
        x = maxima.Input(1, 2, 12, 9);
        maxima.Gives(Shares(maxima.Of(x), rows, columns, static cells => cells.Max()),
            AdaptivePooling.Maximum(maxima.Emitter, x, [rows, columns]));
    }

    [Theory]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 0, 2)]
    public void Positions_of_maxima_are_counted_row_by_row(int stride, int pad, int dilation)
    {
        FormulaGraph f = new();
        WindowOptions options = new()
        {
            Kernel = [3, 2], Strides = [stride, stride], Begin = [pad, pad], End = [pad, pad], Dilations = [dilation, dilation],
        };
        Tensor x = f.Input(1, 2, 7, 8);
        Numbers values = f.Of(x);
        (_, Tensor positions) = MaximumPositions.Of(f.Emitter, x, options);
        Numbers maxima = Plain(values, options, stride, pad, dilation, false, static (cells, _) => cells.Max());
        f.Gives(Numbers.Make(maxima.Sizes, o => Enumerable.Range(0, 56).First(i => values[o[0], o[1], i / 8, i % 8] == maxima[o])),
            f.Emitter.Cast(positions, ElementType.Float32));
    }

    private static Numbers Deep(Numbers x, Func<List<double>, double> of) => Numbers.Make([1, 2, 2, 2, 2], o =>
        of([.. Numbers.Indices([2, 3, 2]).Select(i => x[o[0], o[1], o[2] + i[0], (2 * o[3]) + i[1], (2 * o[4]) + i[2]])]));

    private static Numbers Shares(Numbers x, int rows, int columns, Func<List<double>, double> of) =>
        Numbers.Make([x.Sizes[0], x.Sizes[1], rows, columns], o =>
        {
            List<double> cells = [];
            for (int y = o[2] * x.Sizes[2] / rows; y < (((o[2] + 1) * x.Sizes[2]) + rows - 1) / rows; y++)
                for (int column = o[3] * x.Sizes[3] / columns; column < (((o[3] + 1) * x.Sizes[3]) + columns - 1) / columns; column++)
                    cells.Add(x[o[0], o[1], y, column]);
            return of(cells);
        });

    [Fact]
    public void Positions_outside_the_image_and_other_ranks_are_refused()
    {
        FormulaGraph f = new();
        Assert.Contains("over 4 axes", Assert.Throws<UnsupportedOperatorException>(
            () => Pooling.Maximum(f.Emitter, f.Input(1, 2, 3, 3, 3, 3), new() { Kernel = [2, 2, 2, 2] })).Message);
        Assert.Contains("leaves padding out", Assert.Throws<UnsupportedOperatorException>(() => Pooling.Average(f.Emitter,
            f.Input(1, 2, 7, 7), new() { Kernel = [2, 2], Dilations = [2, 2], Begin = [1, 1], End = [1, 1] }, false)).Message);
    }

    private static Numbers Plain(Numbers x, WindowOptions options, int stride, int pad, int dilation, bool ceil,
        Func<List<double>, int, double> of)
    {
        int[] kernel = options.Kernel!, sizes = [.. Enumerable.Range(0, 2).Select(axis => Count(x.Sizes[2 + axis], kernel[axis]))];
        return Numbers.Make([x.Sizes[0], x.Sizes[1], .. sizes], o =>
        {
            List<double> cells = [];
            int counted = 0; // the cells of image and padding together
            for (int ky = 0; ky < kernel[0]; ky++)
                for (int kx = 0; kx < kernel[1]; kx++)
                {
                    int row = (o[2] * stride) - pad + (ky * dilation), column = (o[3] * stride) - pad + (kx * dilation);
                    counted += row < x.Sizes[2] + pad && column < x.Sizes[3] + pad ? 1 : 0;
                    if (row >= 0 && row < x.Sizes[2] && column >= 0 && column < x.Sizes[3])
                        cells.Add(x[o[0], o[1], row, column]);
                }
            return of(cells, counted);
        });

        int Count(int size, int cells)
        {
            double span = size + (2 * pad) - ((cells - 1) * dilation) - 1;
            int count = (int)(ceil ? Math.Ceiling(span / stride) : Math.Floor(span / stride)) + 1;
            return (count - 1) * stride >= size + pad ? count - 1 : count;
        }
    }
}
