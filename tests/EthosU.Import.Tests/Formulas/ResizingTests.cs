using EthosU.Graphs;
using EthosU.Import.Formulas;
using Xunit;

namespace EthosU.Import.Tests.Formulas;

/// <summary>Each element of a resized image is found where its position says.</summary>
public sealed class ResizingTests
{
    [Theory]
    [InlineData(ResizeMode.Nearest, ResizeCoordinates.Asymmetric, NearestRounding.Lower, 8, 10)]
    [InlineData(ResizeMode.Nearest, ResizeCoordinates.Asymmetric, NearestRounding.Lower, 7, 3)]
    [InlineData(ResizeMode.Nearest, ResizeCoordinates.HalfPixel, NearestRounding.PreferLower, 6, 9)]
    [InlineData(ResizeMode.Nearest, ResizeCoordinates.HalfPixel, NearestRounding.PreferHigher, 6, 9)]
    [InlineData(ResizeMode.Nearest, ResizeCoordinates.AlignCorners, NearestRounding.Higher, 9, 3)]
    [InlineData(ResizeMode.Linear, ResizeCoordinates.HalfPixel, NearestRounding.Lower, 8, 10)]
    [InlineData(ResizeMode.Linear, ResizeCoordinates.AlignCorners, NearestRounding.Lower, 7, 11)]
    [InlineData(ResizeMode.Linear, ResizeCoordinates.Asymmetric, NearestRounding.Lower, 2, 3)]
    [InlineData(ResizeMode.Cubic, ResizeCoordinates.HalfPixel, NearestRounding.Lower, 8, 7)]
    [InlineData(ResizeMode.Cubic, ResizeCoordinates.AlignCorners, NearestRounding.Lower, 3, 9)]
    public void An_image_of_other_sizes(ResizeMode mode, ResizeCoordinates coordinates, NearestRounding rounding, int height, int width)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(1, 2, 4, 5);
        Tensor y = Resizing.Of(f.Emitter, x, [1, 2, height, width], [1, 1, height / 4.0, width / 5.0],
            new() { Mode = mode, Coordinates = coordinates, Rounding = rounding });
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([1, 2, height, width], o => Along(2, o[2], height).Sum(row => Along(3, o[3], width)
            .Sum(column => row.Weight * column.Weight * v[o[0], o[1], row.Index, column.Index]))), y);

        IEnumerable<(int Index, double Weight)> Along(int axis, int i, int to)
        {
            int from = v.Sizes[axis];
            double at = coordinates switch
            {
                ResizeCoordinates.AlignCorners => i * (from - 1.0) / (to - 1),
                ResizeCoordinates.Asymmetric => i * (double)from / to,
                _ => ((i + 0.5) * from / to) - 0.5,
            };
            const double tiny = 1e-7;
            if (mode == ResizeMode.Nearest)
                return [((int)Math.Clamp(rounding switch
                {
                    NearestRounding.Lower => Math.Floor(at + tiny),
                    NearestRounding.Higher => Math.Ceiling(at - tiny),
                    NearestRounding.PreferHigher => Math.Floor(at + 0.5 + tiny),
                    _ => Math.Ceiling(at - 0.5 - tiny),
                }, 0, from - 1), 1)];
            int floor = (int)Math.Floor(at);
            double t = at - floor;
            double[] weights = mode == ResizeMode.Linear ? [1 - t, t] : [Near(1 + t), Near(t), Near(1 - t), Near(2 - t)];
            return weights.Select((weight, k) => (Math.Clamp(floor + k - (weights.Length == 4 ? 1 : 0), 0, from - 1), weight));
        }

        static double Near(double d) => d <= 1 ? (1.25 * d * d * d) - (2.25 * d * d) + 1
            : (-0.75 * d * d * d) + (3.75 * d * d) - (6 * d) + 3;
    }

    /// <summary>Each result is the mean of the pixels that a triangle of twice its width covers.</summary>
    [Fact]
    public void A_filter_is_as_wide_as_what_it_makes_one()
    {
        float[] matrix = new InterpolationMatrix(false, 0, false, true).Build(4, [0.5, 2.5], 0.5);
        // Distances 0.5 and 1.5 of a triangle of half-width 2: weights 3/4 and 1/4, less what lies outside.
        double[] expected = [0.75, 0.75, 0.25, 0, 0, 0.25, 0.75, 0.75];
        Assert.All(expected.Zip(matrix), static pair => Assert.Equal(pair.First / 1.75, pair.Second, 1e-6));
    }

    [Fact]
    public void A_crop_has_a_value_beyond_the_image()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(1, 1, 3, 3);
        ResizeOptions crop = new()
        {
            Mode = ResizeMode.Linear, Coordinates = ResizeCoordinates.Crop, Region = [0, 0, 0, 0, 1, 1, 1, 2], Beyond = 7,
        };
        Numbers v = f.Of(x);
        Tensor y = Resizing.Of(f.Emitter, x, [1, 1, 3, 3], [1, 1, 1, 1], crop);
        f.Gives(Numbers.Make([1, 1, 3, 3], o => o[3] == 2 ? 7 : v[0, 0, o[2], 2 * o[3]]), y);
        Assert.Contains("region of 3", Assert.Throws<UnsupportedOperatorException>(
            () => Resizing.Of(f.Emitter, x, [1, 1, 3, 3], [1, 1, 1, 1], crop with { Region = [0, 1, 2] })).Message);
    }
}
