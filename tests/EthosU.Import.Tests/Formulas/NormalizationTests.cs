using EthosU.Graphs;
using EthosU.Import.Formulas;
using Xunit;

namespace EthosU.Import.Tests.Formulas;

/// <summary>Normalizations over the elements that each of them takes together.</summary>
public sealed class NormalizationTests
{
    private const double Epsilon = 1e-3;

    [Fact]
    public void A_batch_is_normalized_by_known_numbers()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3, 4, 5);
        ChannelStatistics s = new([1.5f, -2, 0.5f], [0.1f, 0.2f, 0.3f], [0.4f, -0.5f, 0], [1, 2, 0.25f], (float)Epsilon);
        Numbers values = f.Of(x);
        f.Gives(Numbers.Make([2, 3, 4, 5], i => ((values[i] - s.Mean[i[1]]) / Math.Sqrt(s.Variance[i[1]] + Epsilon) * s.Scale[i[1]])
            + s.Bias[i[1]]), Normalization.Batch(f.Emitter, x, s));
        Assert.Contains("have 3, 3, 3, 2 numbers", Assert.Throws<UnsupportedOperatorException>(
            () => Normalization.Batch(f.Emitter, x, s with { Variance = [1, 1] })).Message);
    }

    [Fact]
    public void An_instance_is_a_channel_of_an_image()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3, 4, 5), scale = f.Constant(3), bias = f.Constant(3);
        (Numbers s, Numbers b) = (f.Of(scale), f.Of(bias));
        Tensor y = Normalization.Instance(f.Emitter, x, scale, bias, (float)Epsilon);
        f.Gives(Plain(f.Of(x), static (a, i) => a[0] == i[0] && a[1] == i[1], true, i => s[i[1]], i => b[i[1]]), y);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_layer_is_all_axes_from_one_on(int axis)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3, 4), scale = f.Constant(axis == 2 ? [4] : [3, 4]), bias = f.Constant(axis == 2 ? [4] : [3, 4]);
        (Numbers s, Numbers b) = (f.Of(scale), f.Of(bias));
        Tensor y = Normalization.Layer(f.Emitter, x, axis, scale, bias, (float)Epsilon).Result;
        f.Gives(Plain(f.Of(x), (a, i) => a.Take(axis).SequenceEqual(i.Take(axis)), true, i => s[i.AsSpan(axis)], i => b[i.AsSpan(axis)]),
            y);
    }

    [Fact]
    public void A_root_mean_square_takes_no_mean_away()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(3, 6), scale = f.Constant(6);
        Numbers s = f.Of(scale);
        f.Gives(Plain(f.Of(x), static (a, i) => a[0] == i[0], false, i => s[i[1]], static _ => 0),
            Normalization.RootMeanSquare(f.Emitter, x, 1, scale, (float)Epsilon));
    }

    /// <summary>The factors are those of channels, or of groups.</summary>
    [Theory]
    [InlineData(6)]
    [InlineData(2)]
    public void A_group_is_some_channels_of_an_image(int factors)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 6, 3, 3), scale = f.Constant(factors), bias = f.Constant(factors);
        (Numbers s, Numbers b) = (f.Of(scale), f.Of(bias));
        Tensor y = Normalization.Group(f.Emitter, x, 2, scale, bias, (float)Epsilon);
        f.Gives(Plain(f.Of(x), static (a, i) => a[0] == i[0] && a[1] / 3 == i[1] / 3, true, i => s[i[1] * factors / 6],
            i => b[i[1] * factors / 6]), y);
        FormulaGraph bare = new();
        x = bare.Input(2, 6, 3, 3);
        bare.Gives(Plain(bare.Of(x), static (a, i) => a[0] == i[0] && a[1] / 3 == i[1] / 3, true, static _ => 1, static _ => 0),
            Normalization.Group(bare.Emitter, x, 2, null, null, (float)Epsilon));
        Assert.Contains("do not divide into 4", Assert.Throws<UnsupportedOperatorException>(
            () => Normalization.Group(f.Emitter, f.Input(2, 6, 3, 3), 4, scale, bias, 0)).Message);
    }

    [Fact]
    public void Neighbouring_channels_respond_to_each_other()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(1, 6, 2, 2);
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([1, 6, 2, 2], i => v[i] / Math.Pow(1.5 + (0.3 / 3 * Enumerable.Range(i[1] - 1, 3)
            .Sum(c => Math.Pow(v.OrZero(i[0], c, i[2], i[3]), 2))), 0.75)),
            Normalization.LocalResponse(f.Emitter, x, 3, 1.5f, 0.3f, 0.75f));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_norm_is_taken_along_an_axis(bool ofSquares)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 5, 3);
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([2, 5, 3], i =>
        {
            double[] row = [.. Enumerable.Range(0, 5).Select(k => v[i[0], k, i[2]])];
            return v[i] / (ofSquares ? Math.Sqrt(row.Sum(static r => r * r)) : row.Sum(Math.Abs));
        }), Normalization.ByNorm(f.Emitter, x, 1, ofSquares));
    }

    private static Numbers Plain(Numbers x, Func<int[], int[], bool> together, bool centres, Func<int[], double> scale,
        Func<int[], double> bias) => Numbers.Make(x.Sizes, i =>
    {
        double[] group = [.. Numbers.Indices(x.Sizes).Where(a => together(a, i)).Select(a => x[a])];
        double mean = centres ? group.Average() : 0, variance = group.Average(v => (v - mean) * (v - mean));
        return ((x[i] - mean) / Math.Sqrt(variance + Epsilon) * scale(i)) + bias(i);
    });
}
