using EthosU.Graphs;
using EthosU.Import.Formulas;
using Xunit;

namespace EthosU.Import.Tests.Formulas;

/// <summary>Convolutions give what their sums give, each element by itself.</summary>
public sealed class ConvolutionTests
{
    [Theory]
    [InlineData(1, 1, 1, 0, 0, AutoPadding.Explicit)]
    [InlineData(1, 2, 1, 1, 1, AutoPadding.Explicit)]
    [InlineData(2, 1, 2, 2, 1, AutoPadding.Explicit)]
    [InlineData(4, 2, 1, 0, 2, AutoPadding.Explicit)]
    [InlineData(1, 2, 1, 0, 0, AutoPadding.SameUpper)]
    [InlineData(1, 2, 1, 0, 0, AutoPadding.SameLower)]
    [InlineData(1, 2, 1, 9, 9, AutoPadding.Valid)]
    public void A_convolution_is_a_sum_over_its_windows(int groups, int stride, int dilation, int before, int behind, AutoPadding auto)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(1, 4, 7, 6), w = f.Constant(8, 4 / groups, 3, 2), b = f.Constant(8);
        Tensor y = Convolution.Of(f.Emitter, x, w, b, groups, new()
        {
            Strides = [stride, stride],
            Dilations = [dilation, dilation],
            Begin = [before, before],
            End = [behind, behind],
            Auto = auto,
        });
        (int[] pads, int[] sizes) = Windows([7, 6], [3, 2], stride, dilation, before, behind, auto);
        f.Gives(Sum(f.Of(x), f.Of(w), f.Of(b), groups, [stride, stride], [dilation, dilation], pads, [1, 8, .. sizes]), y);
    }

    [Fact]
    public void A_signal_is_an_image_of_height_one()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3, 9), w = f.Constant(5, 3, 4);
        Tensor y = Convolution.Of(f.Emitter, x, w, null, 1, new() { Strides = [2], Begin = [1], End = [2] });
        Numbers lifted = new([2, 3, 1, 9], f.Of(x).Values), kernel = new([5, 3, 1, 4], f.Of(w).Values);
        Numbers expected = Sum(lifted, kernel, new([5], new double[5]), 1, [1, 2], [1, 1], [0, 1], [2, 5, 1, 5]);
        f.Gives(new([2, 5, 5], expected.Values), y);
    }

    [Theory]
    [InlineData(1, 1, 1, 0, 0)]
    [InlineData(1, 2, 1, 1, 1)]
    [InlineData(2, 3, 1, 0, 2)]
    [InlineData(8, 2, 1, 1, 0)] // more groups than are taken apart
    [InlineData(1, 2, 2, 1, 0)]
    public void A_transposed_convolution_spreads_each_element(int groups, int stride, int dilation, int pad, int extra)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(1, 8, 4, 3), w = f.Constant(8, 2, 3, 3), b = f.Constant(2 * groups);
        Tensor y = TransposedConvolution.Of(f.Emitter, x, w, b, groups, new(new()
        {
            Strides = [stride, stride],
            Dilations = [dilation, dilation],
            Begin = [pad, pad],
            End = [pad, pad],
        }) { OutputPadding = [extra, extra] });
        int[] sizes = [.. new[] { 4, 3 }.Select(size => (stride * (size - 1)) + (2 * dilation) + 1 + extra - (2 * pad))];
        f.Gives(Spread(f.Of(x), f.Of(w), f.Of(b), groups, stride, dilation, pad, [1, 2 * groups, .. sizes]), y);
    }

    [Fact]
    public void What_contradicts_itself_is_refused()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(1, 4, 7, 6);
        Assert.Contains("do not suit the input", Refusal(() => Convolution.Of(f.Emitter, x, f.Constant(8, 3, 3, 3), null, 1, new())));
        Assert.Contains("bias [5] does not suit its 8 output channels",
            Refusal(() => Convolution.Of(f.Emitter, x, f.Constant(8, 4, 3, 3), f.Constant(5), 1, new())));
        Assert.Contains("does not fit an input of 6",
            Refusal(() => Convolution.Of(f.Emitter, x, f.Constant(8, 4, 3, 9), null, 1, new())));
        Assert.Contains("over 3 axes",
            Refusal(() => Convolution.Of(f.Emitter, f.Input(1, 4, 3, 3, 3), f.Constant(8, 4, 3, 3, 3), null, 1, new())));
    }

    private static string Refusal(Action action) => Assert.Throws<UnsupportedOperatorException>(action).Message;

    private static (int[] Pads, int[] Sizes) Windows(int[] image, int[] kernel, int stride, int dilation, int before, int behind,
        AutoPadding auto)
    {
        int[] pads = new int[2], sizes = new int[2];
        for (int i = 0; i < 2; i++)
        {
            int reach = ((kernel[i] - 1) * dilation) + 1;
            if (auto is AutoPadding.SameUpper or AutoPadding.SameLower)
            {
                sizes[i] = (int)Math.Ceiling((double)image[i] / stride);
                int total = Math.Max(0, ((sizes[i] - 1) * stride) + reach - image[i]);
                pads[i] = auto == AutoPadding.SameUpper ? total / 2 : (total + 1) / 2;
                continue;
            }
            (int front, int back) = auto == AutoPadding.Valid ? (0, 0) : (before, behind);
            pads[i] = front;
            sizes[i] = ((image[i] + front + back - reach) / stride) + 1;
        }
        return (pads, sizes);
    }

    private static Numbers Sum(Numbers x, Numbers w, Numbers b, int groups, int[] strides, int[] dilations, int[] pads, int[] sizes) =>
        Numbers.Make(sizes, o =>
        {
            double sum = b[o[1]];
            int perGroup = w.Sizes[1], first = o[1] / (w.Sizes[0] / groups) * perGroup;
            foreach (int[] k in Numbers.Indices(w.Sizes[1..]))
                sum += w[o[1], k[0], k[1], k[2]] * x.OrZero(o[0], first + k[0], (o[2] * strides[0]) - pads[0] + (k[1] * dilations[0]),
                    (o[3] * strides[1]) - pads[1] + (k[2] * dilations[1]));
            return sum;
        });

    private static Numbers Spread(Numbers x, Numbers w, Numbers b, int groups, int stride, int dilation, int pad, int[] sizes)
    {
        Numbers y = Numbers.Make(sizes, o => b[o[1]]);
        foreach (int[] i in Numbers.Indices(x.Sizes))
            foreach (int[] k in Numbers.Indices(w.Sizes[1..]))
            {
                int channel = (i[1] / (x.Sizes[1] / groups) * w.Sizes[1]) + k[0], row = (i[2] * stride) + (k[1] * dilation) - pad,
                    column = (i[3] * stride) + (k[2] * dilation) - pad;
                if (row >= 0 && row < sizes[2] && column >= 0 && column < sizes[3])
                    y.Values[(((channel * sizes[2]) + row) * sizes[3]) + column] += x[i] * w[i[1], k[0], k[1], k[2]];
            }
        return y;
    }
}
