using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Resizing and sampling.</summary>
internal static class ResizeImport
{
    public static IEnumerable<OperatorImporter> Operators =>
    [
        .. Enumerable.Range(1, 3).SelectMany(static n => Nearest($"upsample_nearest{n}d", n, ResizeCoordinates.Asymmetric)
            .Concat(Nearest($"_upsample_nearest_exact{n}d", n, ResizeCoordinates.HalfPixelForNearest))),
        .. Smooth("upsample_linear1d", 1, new() { Mode = ResizeMode.Linear }),
        .. Smooth("upsample_bilinear2d", 2, new() { Mode = ResizeMode.Linear }),
        .. Smooth("upsample_trilinear3d", 3, new() { Mode = ResizeMode.Linear }),
        .. Smooth("upsample_bicubic2d", 2, new() { Mode = ResizeMode.Cubic }),
        .. Smooth("_upsample_bilinear2d_aa", 2, new() { Mode = ResizeMode.Linear, Antialiases = true }),
        .. Smooth("_upsample_bicubic2d_aa", 2, new() { Mode = ResizeMode.Cubic, Antialiases = true, CubicCoefficient = -0.5f }),
        new("aten.grid_sampler.default", "input, grid, interpolation_mode, padding_mode, align_corners", Sample),
        new("aten.grid_sampler_2d.default", "input, grid, interpolation_mode, padding_mode, align_corners", Sample),
        new("aten.affine_grid_generator.default", "theta, size, align_corners", Affine),
    ];

    private static string[] Factors(int axes) => axes switch
    {
        1 => ["scales"],
        2 => ["scales_h", "scales_w"],
        _ => ["scales_d", "scales_h", "scales_w"],
    };

    private static OperatorImporter[] Nearest(string name, int axes, ResizeCoordinates coordinates) =>
    [
        new($"aten.{name}.vec", "input, output_size, scale_factors", c =>
            Resize(c, "input", c.TryReals("scale_factors"), new() { Coordinates = coordinates, Rounding = NearestRounding.Lower })),
        new($"aten.{name}.default", $"self, output_size, {string.Join(", ", Factors(axes).Select(static f => f + "=None"))}", c =>
            Resize(c, "self", Given(c, axes), new() { Coordinates = coordinates, Rounding = NearestRounding.Lower })),
    ];

    private static OperatorImporter[] Smooth(string name, int axes, ResizeOptions options) =>
    [
        new($"aten.{name}.vec", "input, output_size, align_corners, scale_factors", c =>
            Resize(c, "input", c.TryReals("scale_factors"), Aligned(c, options))),
        new($"aten.{name}.default", $"self, output_size, align_corners, {string.Join(", ", Factors(axes).Select(static f => f + "=None"))}",
            c => Resize(c, "self", Given(c, axes), Aligned(c, options))),
    ];

    private static ResizeOptions Aligned(ProgramContext c, ResizeOptions options) =>
        options with { Coordinates = c.Flag("align_corners") ? ResizeCoordinates.AlignCorners : ResizeCoordinates.HalfPixel };

    /// <summary>The factors that are given beside sizes; null where one is missing.</summary>
    private static double[]? Given(ProgramContext c, int axes)
    {
        double?[] factors = [.. Factors(axes).Select(c.TryDouble)];
        return factors.All(static factor => factor is not null) ? [.. factors.Select(static factor => factor!.Value)] : null;
    }

    private static void Resize(ProgramContext c, string name, double[]? factors, ResizeOptions options)
    {
        Tensor x = c.Real(name);
        int[]? wanted = c.TryInts("output_size");
        int axes = wanted?.Length ?? factors?.Length ?? 0;
        if (axes == 0 || axes != x.Shape.Rank - 2 || (factors is not null && factors.Length != axes))
            throw new UnsupportedOperatorException($"Its sizes or factors do not suit {x.Shape}.", "Check the exported program.");
        int[] sizes = [.. x.Shape];
        double[] scales = [.. Enumerable.Repeat(1.0, x.Shape.Rank)];
        for (int i = 0; i < axes; i++)
        {
            int from = x.Shape[2 + i];
            double factor = factors?[i] ?? 0;
            int to = wanted?[i] ?? (int)Math.Clamp(Math.Floor(from * factor), 0, int.MaxValue);
            if (to < 1 || from < 1)
                throw new UnsupportedOperatorException("A size would be 0.", "Use larger factors.");
            sizes[2 + i] = to;
            scales[2 + i] = factor > 0 ? factor : (double)to / from;
        }
        c.Result(Resizing.Of(c, x, sizes, scales, options));
    }

    private static void Sample(ProgramContext c)
    {
        if (c.Real("grid").Data is not { } grid)
            throw new UnsupportedOperatorException("The grid of this grid_sample depends on the data that flow through the network.",
                GridSampling.Advice);
        c.Result(GridSampling.Of(c, c.Real("input"), grid, new()
        {
            Mode = c.Int("interpolation_mode") switch { 1 => ResizeMode.Nearest, 2 => ResizeMode.Cubic, _ => ResizeMode.Linear },
            Outside = c.Int("padding_mode") switch { 0 => null, 2 => PaddingMode.Reflect, _ => PaddingMode.Edge },
            AlignsCorners = c.Flag("align_corners"),
        }));
    }

    private static void Affine(ProgramContext c)
    {
        if (c.Real("theta").Data is not { } theta || c.Ints("size") is not [var n, _, var height, var width])
            throw new UnsupportedOperatorException(
                "An affine_grid of a matrix that depends on the data, or of volumes, cannot be expressed.", GridSampling.Advice);
        c.Result(GridSampling.Affine(c, theta, n, height, width, c.Flag("align_corners")));
    }
}
