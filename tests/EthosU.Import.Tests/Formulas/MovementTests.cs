using EthosU.Graphs;
using EthosU.Import.Formulas;
using Xunit;

namespace EthosU.Import.Tests.Formulas;

/// <summary>Elements that are only moved, picked or replaced.</summary>
public sealed class MovementTests
{
    /// <summary>As Python slices a row of 7.</summary>
    [Theory]
    [InlineData(1, 5, 1, "1 2 3 4")]
    [InlineData(-3, int.MaxValue, 1, "4 5 6")]
    [InlineData(0, 7, 3, "0 3 6")]
    [InlineData(-1, int.MinValue, -1, "6 5 4 3 2 1 0")]
    [InlineData(5, 0, -2, "5 3 1")]
    [InlineData(0, 7, 1, "0 1 2 3 4 5 6")]
    public void A_slice_along_an_axis(int start, int end, int step, string kept)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 7);
        int[] indices = [.. kept.Split(' ').Select(int.Parse)];
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([2, indices.Length], i => v[i[0], indices[i[1]]]), Slicing.Of(f.Emitter, x, [-1], [start], [end], [step]));
    }

    [Theory]
    [InlineData("1,-1,2")]
    [InlineData("2")]
    public void Slices_at_indices(string list)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3, 4);
        int[] indices = [.. list.Split(',').Select(int.Parse)];
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([2, indices.Length, 4], i => v[i[0], (indices[i[1]] + 3) % 3, i[2]]),
            Picking.Slices(f.Emitter, x, f.Emitter.Integers(indices), 1));
        Assert.Contains("outside an axis of 3", Assert.Throws<UnsupportedOperatorException>(
            () => Picking.Slices(f.Emitter, x, f.Emitter.Integers(3), 1)).Message);
    }

    [Fact]
    public void Elements_at_indices_along_an_axis()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(3, 4);
        int[] at = [2, 0, -1, 1, 0, 2];
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([2, 3], i => v[(at[(i[0] * 3) + i[1]] + 3) % 3, i[1]]),
            Picking.Elements(f.Emitter, x, TensorData.From<int>([2, 3], at), 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Parts_at_index_tuples(int batchAxes)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3, 4);
        Tensor tuples = f.Emitter.Constant(TensorData.From<int>([2, 1], [1, -1]));
        Numbers v = f.Of(x);
        f.Gives(batchAxes == 0 ? Numbers.Make([2, 3, 4], i => v[1, i[1], i[2]])
            : Numbers.Make([2, 4], i => v[i[0], i[0] == 0 ? 1 : 2, i[1]]), Picking.AtTuples(f.Emitter, x, tuples, batchAxes));
    }

    [Theory]
    [InlineData(ScatterReduction.None)]
    [InlineData(ScatterReduction.Add)]
    [InlineData(ScatterReduction.Mul)]
    [InlineData(ScatterReduction.Max)]
    [InlineData(ScatterReduction.Min)]
    public void Elements_are_replaced_or_joined(ScatterReduction reduction)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(4, 3), updates = f.Input(2, 3);
        (Numbers v, Numbers u) = (f.Of(x), f.Of(updates));
        int[] rows = [3, 1];
        f.Gives(Numbers.Make([4, 3], i => Array.IndexOf(rows, i[0]) is >= 0 and var k ? reduction switch
        {
            ScatterReduction.None => u[k, i[1]],
            ScatterReduction.Add => v[i] + u[k, i[1]],
            ScatterReduction.Mul => v[i] * u[k, i[1]],
            ScatterReduction.Max => Math.Max(v[i], u[k, i[1]]),
            _ => Math.Min(v[i], u[k, i[1]]),
        } : v[i]), Scattering.Of(f.Emitter, x, TensorData.From<int>([2, 1], rows), updates, reduction));
        Assert.Contains("hits a position twice", Assert.Throws<UnsupportedOperatorException>(
            () => Scattering.Of(f.Emitter, x, TensorData.From<int>([2, 1], [1, 1]), updates, reduction)).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Channels_become_pixels_and_pixels_channels(bool channelsOutermost)
    {
        FormulaGraph f = new(), back = new();
        Tensor x = f.Input(1, 8, 2, 3);
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([1, 2, 4, 6], o =>
        {
            int phase = (o[2] % 2 * 2) + (o[3] % 2);
            return v[0, channelsOutermost ? (o[1] * 4) + phase : (phase * 2) + o[1], o[2] / 2, o[3] / 2];
        }), SpaceBlocks.FromDepth(f.Emitter, x, 2, channelsOutermost));
        x = back.Input(1, 2, 4, 6);
        Numbers w = back.Of(x);
        back.Gives(Numbers.Make([1, 8, 2, 3], o => w[0, o[1] % 2, (o[2] * 2) + (o[1] / 4), (o[3] * 2) + (o[1] / 2 % 2)]),
            SpaceBlocks.ToDepth(back.Emitter, x, 2));
    }

    [Theory]
    [InlineData(ResizeMode.Linear, null, false)]
    [InlineData(ResizeMode.Linear, PaddingMode.Edge, true)]
    [InlineData(ResizeMode.Linear, PaddingMode.Reflect, false)]
    [InlineData(ResizeMode.Nearest, null, true)]
    public void A_grid_says_where_an_image_is_sampled(ResizeMode mode, PaddingMode? outside, bool aligns)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(1, 2, 4, 5);
        double[] places = [-0.9, -0.2, 0.3, 0.1, 1.3, -1.4, 0.65, 0.95, -1.05, 0.5, 0.35, -0.55];
        Tensor y = GridSampling.Of(f.Emitter, x, TensorData.From<float>([1, 2, 3, 2], Array.ConvertAll(places, static p => (float)p)),
            new() { Mode = mode, Outside = outside, AlignsCorners = aligns });
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([1, 2, 2, 3], o =>
        {
            int point = (o[2] * 3) + o[3];
            return Along(places[(2 * point) + 1], 4).Sum(row => Along(places[2 * point], 5)
                .Sum(column => row.Weight * column.Weight * v.OrZero(0, o[1], row.Index, column.Index)));
        }), y);

        IEnumerable<(int Index, double Weight)> Along(double place, int size)
        {
            double at = aligns ? (place + 1) / 2 * (size - 1) : (((place + 1) * size) - 1) / 2;
            double low = aligns ? 0 : -0.5, high = aligns ? size - 1 : size - 0.5;
            if (outside == PaddingMode.Reflect) // from wall to wall until it is inside
                while (at < low || at > high)
                    at = at < low ? (2 * low) - at : (2 * high) - at;
            if (outside is not null)
                at = Math.Clamp(at, 0, size - 1);
            int floor = (int)Math.Floor(at);
            return mode == ResizeMode.Nearest ? [((int)Math.Round(at), 1)] : [(floor, 1 - at + floor), (floor + 1, at - floor)];
        }
    }

    [Fact]
    public void An_affine_grid_is_a_matrix_times_places()
    {
        FormulaGraph f = new();
        double[] m = [0.5, 0.1, -0.2, -0.3, 0.8, 0.4];
        Tensor grid = GridSampling.Affine(f.Emitter, TensorData.From<float>([1, 2, 3], Array.ConvertAll(m, static v => (float)v)), 1, 3, 4,
            false);
        f.Gives(Numbers.Make([1, 3, 4, 2], o => (m[3 * o[3]] * (((2 * o[2]) + 1) / 4.0 - 1)) + (m[(3 * o[3]) + 1]
            * ((((2 * o[1]) + 1) / 3.0) - 1)) + m[(3 * o[3]) + 2]), grid);
    }
}
