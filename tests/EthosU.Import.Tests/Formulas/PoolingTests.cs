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

    [Fact]
    public void Positions_outside_the_image_and_other_ranks_are_refused()
    {
        FormulaGraph f = new();
        Assert.Contains("over 3 axes", Assert.Throws<UnsupportedOperatorException>(
            () => Pooling.Maximum(f.Emitter, f.Input(1, 2, 3, 3, 3), new() { Kernel = [2, 2, 2] })).Message);
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
