using EthosU.Graphs;
using EthosU.Import.Formulas;
using Xunit;

namespace EthosU.Import.Tests.Formulas;

/// <summary>Tensors of which a part is replaced, and those whose elements are repeated or ranked.</summary>
public sealed class ReplacingTests
{
    [Theory]
    [InlineData(0, 1, 3)]
    [InlineData(2, 1, 3)]
    [InlineData(4, 1, 3)]
    [InlineData(1, 2, 3)]
    [InlineData(0, 1, 7)]
    public void Slices_are_replaced_along_an_axis(int start, int step, int count)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 7, 3), part = f.Input(2, count, 3);
        (Numbers v, Numbers p) = (f.Of(x), f.Of(part));
        f.Gives(Numbers.Make([2, 7, 3], i => (i[1] - start) % step == 0 && i[1] >= start && (i[1] - start) / step < count
            ? p[i[0], (i[1] - start) / step, i[2]] : v[i]), Replacing.Slices(f.Emitter, x, part, 1, start, step));
    }

    [Fact]
    public void Elements_are_replaced_at_places_that_are_all_different()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3), part = f.Input(2);
        (Numbers v, Numbers p) = (f.Of(x), f.Of(part));
        f.Gives(Numbers.Make([2, 3], i => ((3 * i[0]) + i[1]) switch { 4 => p[0], 1 => p[1], _ => v[i] }),
            Replacing.At(f.Emitter, x, part, [4, 1]));
        Assert.Contains("several elements are one", Assert.Throws<UnsupportedOperatorException>(
            () => Replacing.At(f.Emitter, x, part, [4, 4])).Message);
    }

    [Fact]
    public void Each_slice_is_repeated()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3, 2);
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([2, 6, 2], i => v[i[0], i[1] / 2, i[2]]), Movement.RepeatEach(f.Emitter, x, 1, 2));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(-1, true)]
    public void A_triangle_keeps_one_side_of_a_diagonal(int diagonal, bool upper)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3, 4);
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([2, 3, 4], i => (upper ? i[2] - i[1] >= diagonal : i[2] - i[1] <= diagonal) ? v[i] : 0),
            Movement.Triangle(f.Emitter, x, diagonal, upper));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(5, false)]
    public void The_best_elements_come_first(int count, bool largest)
    {
        FormulaGraph values = new(), places = new();
        Tensor x = values.Input(2, 5, 3);
        Numbers v = values.Of(x);
        double[] Sorted(int a, int b) =>
            [.. Enumerable.Range(0, 5).Select(k => v[a, k, b]).OrderBy(value => largest ? -value : value)];
        values.Gives(Numbers.Make([2, count, 3], i => Sorted(i[0], i[2])[i[1]]), Ranking.Best(values.Emitter, x, count, 1, largest).Values);
        x = places.Input(2, 5, 3);
        places.Gives(Numbers.Make([2, count, 3], i => Enumerable.Range(0, 5).Single(k => v[i[0], k, i[2]] == Sorted(i[0], i[2])[i[1]])),
            places.Emitter.Cast(Ranking.Best(places.Emitter, x, count, 1, largest).Places, ElementType.Float32));
    }

    [Fact]
    public void Elements_are_picked_at_computed_indices()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 5, 3), index = f.Input(Numbers.Make([2, 4, 3], i => (i[0] + (2 * i[1]) + i[2]) % 5));
        (Numbers v, Numbers p) = (f.Of(x), f.Of(index));
        f.Gives(Numbers.Make([2, 4, 3], i => v[i[0], (int)p[i], i[2]]),
            Picking.Elements(f.Emitter, x, f.Emitter.Cast(index, ElementType.Int32), 1));
    }

    [Fact]
    public void Exponential_less_one_is_exact_near_zero()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(Numbers.Make([9], i => (i[0] - 4) * 0.75));
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([9], i => Math.Exp(v[i]) - 1), Exponentials.LessOne(f.Emitter, x));
    }

    [Fact]
    public void Blocks_become_channels_of_one_pixel_or_of_one_channel()
    {
        FormulaGraph pixels = new(), channels = new();
        Tensor x = pixels.Input(1, 2, 4, 6);
        Numbers v = pixels.Of(x);
        pixels.Gives(Numbers.Make([1, 8, 2, 3], i => v[0, i[1] % 2, (2 * i[2]) + (i[1] / 4), (2 * i[3]) + (i[1] / 2 % 2)]),
            SpaceBlocks.ToDepth(pixels.Emitter, x, 2));
        x = channels.Input(1, 2, 4, 6);
        channels.Gives(Numbers.Make([1, 8, 2, 3], i => v[0, i[1] / 4, (2 * i[2]) + (i[1] / 2 % 2), (2 * i[3]) + (i[1] % 2)]),
            SpaceBlocks.ToDepth(channels.Emitter, x, 2, channelsOutermost: true));
    }
}
