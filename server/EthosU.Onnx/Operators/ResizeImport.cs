using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Resize and Upsample.</summary>
internal static class ResizeImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators => [("Resize", Resize), ("Upsample", Resize)];

    private static void Resize(ImportContext c)
    {
        Tensor x = c.Input(0);
        bool upsample = c.Node.Type == "Upsample", old = upsample || c.Node.Set.ResizesByScales;
        ResizeCoordinates coordinates = old ? ResizeCoordinates.Asymmetric
            : CoordinatesOf(c.Node.Text("coordinate_transformation_mode", "half_pixel"));
        (int[] sizes, double[] scales) = Sizes(c, x, upsample, old);
        c.Output(0, Resizing.Of(c, x, sizes, scales, new()
        {
            Mode = ModeOf(c.Node.Text("mode", "nearest")),
            Coordinates = coordinates,
            Rounding = old ? NearestRounding.Lower : RoundingOf(c.Node.Text("nearest_mode", "round_prefer_floor")),
            CubicCoefficient = c.Node.Float("cubic_coeff_a", -0.75f),
            ExcludesOutside = c.Node.Int("exclude_outside", 0) != 0,
            Antialiases = c.Node.Int("antialias", 0) != 0,
            Region = coordinates == ResizeCoordinates.Crop ? c.Constant(c.Input(1), "roi").ToFloatArray() : null,
            Beyond = c.Node.Float("extrapolation_value", 0),
        }));
    }

    private static ResizeMode ModeOf(string mode) => mode switch
    {
        "nearest" => ResizeMode.Nearest,
        "linear" or "bilinear" => ResizeMode.Linear,
        "cubic" or "bicubic" => ResizeMode.Cubic,
        _ => throw new UnsupportedOperatorException($"Resizing of mode '{mode}' cannot be expressed.",
            "Use nn.Upsample with mode 'nearest' or 'bilinear'."),
    };

    private static ResizeCoordinates CoordinatesOf(string mode) => mode switch
    {
        "align_corners" => ResizeCoordinates.AlignCorners,
        "asymmetric" => ResizeCoordinates.Asymmetric,
        "half_pixel_symmetric" => ResizeCoordinates.HalfPixelSymmetric,
        "pytorch_half_pixel" => ResizeCoordinates.HalfPixelOrFirst,
        "tf_half_pixel_for_nn" => ResizeCoordinates.HalfPixelForNearest,
        "tf_crop_and_resize" => ResizeCoordinates.Crop,
        _ => ResizeCoordinates.HalfPixel,
    };

    private static NearestRounding RoundingOf(string mode) => mode switch
    {
        "floor" => NearestRounding.Lower,
        "ceil" => NearestRounding.Higher,
        "round_prefer_ceil" => NearestRounding.PreferHigher,
        _ => NearestRounding.PreferLower,
    };

    private static (int[], double[]) Sizes(ImportContext c, Tensor x, bool upsample, bool old)
    {
        int scaleInput = upsample || old ? 1 : 2, rank = x.Shape.Rank;
        int[] axes = [.. (c.Node.Ints("axes") ?? [.. Enumerable.Range(0, rank)]).Select(x.Shape.NormalizeAxis)];
        int[] sizes = [.. x.Shape];
        double[] scales = [.. Enumerable.Repeat(1.0, rank)];
        float[]? given = c.Node.Floats("scales")
            ?? (c.TryInput(scaleInput) is { Shape.ElementCount: > 0 } s ? c.Constant(s, "scales").ToFloatArray() : null);
        if (upsample && c.Node.Has("height_scale") && rank == 4) // operator set 1
            given = [1, 1, c.Node.Float("height_scale", 1), c.Node.Float("width_scale", 1)];
        int[]? wanted = given is { Length: > 0 } ? null
            : old ? throw new UnsupportedOperatorException("It has no scales.", "Export the model again; the file is not complete.")
            : c.Integers(3, "sizes");
        if (Math.Max(given?.Length ?? 0, wanted?.Length ?? 0) < axes.Length)
            throw new UnsupportedOperatorException($"{given?.Length ?? wanted!.Length} scales or sizes do not suit {axes.Length} axes.",
                "Check the exported model.");
        double Factor(int i) => (double)wanted![i] / x.Shape[axes[i]];
        double? common = wanted is null || axes.Length == 0 ? null : c.Node.Text("keep_aspect_ratio_policy", "stretch") switch
        {
            "not_larger" => Enumerable.Range(0, axes.Length).Min(Factor),
            "not_smaller" => Enumerable.Range(0, axes.Length).Max(Factor),
            _ => null,
        };
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i];
            if (common is { } factor)
                (sizes[axis], scales[axis]) = ((int)Math.Floor((x.Shape[axis] * factor) + 0.5), factor);
            else if (wanted is not null)
                (sizes[axis], scales[axis]) = (wanted[i], Factor(i));
            else
                (sizes[axis], scales[axis]) = (checked((int)Math.Floor(x.Shape[axis] * given![i])), given[i]);
        }
        return sizes.All(size => size > 0) && scales.All(scale => scale > 0 && double.IsFinite(scale)) ? (sizes, scales)
            : throw new UnsupportedOperatorException("A size would be 0.", "Use larger factors.");
    }
}
