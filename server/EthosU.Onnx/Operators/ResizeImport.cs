using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Resize and Upsample (tflite-kernels 4.5); what RESIZE_* cannot do goes through index lists or matrices.</summary>
internal static class ResizeImport
{
    private const string Crop = "tf_crop_and_resize";

    public static IEnumerable<(string, Action<ImportContext>)> Operators => [("Resize", Resize), ("Upsample", Resize)];

    private static void Resize(ImportContext c)
    {
        Tensor x = c.Input(0);
        int rank = x.Shape.Rank;
        bool upsample = c.Node.Type == "Upsample", old = upsample || c.Node.Opset < 11;
        string mode = c.Node.Text("mode", "nearest"),
            coordinates = old ? "asymmetric" : c.Node.Text("coordinate_transformation_mode", "half_pixel");
        string nearest = old ? "floor" : c.Node.Text("nearest_mode", "round_prefer_floor");
        (int[] sizes, double[] scales) = Sizes(c, x, upsample, old);
        int[] changed = [.. Enumerable.Range(0, rank)
            .Where(axis => sizes[axis] != x.Shape[axis] || scales[axis] != 1 || coordinates == Crop)];
        if (changed.Length == 0)
        {
            c.Output(0, x);
            return;
        }
        foreach (int axis in changed)
            _ = c.Listed(sizes[axis]);
        bool cubic = mode is "cubic" or "bicubic", linear = mode is "linear" or "bilinear", antialias = c.Node.Int("antialias", 0) != 0;
        if (!cubic && !linear && mode != "nearest")
            throw ImportContext
                .Unsupported($"Resizing of mode '{mode}' cannot be expressed.", "Use nn.Upsample with mode 'nearest' or 'bilinear'.");
        float[]? region = coordinates == Crop ? c.Constant(c.Input(1), "roi").ToFloatArray() : null;
        double[][] positions = [.. Enumerable.Range(0, rank).Select(axis => !changed.Contains(axis) ? []
            : Positions(coordinates, x.Shape[axis], sizes[axis], scales[axis], region is null ? (0, 1)
            : (region[axis], region[axis + rank])))];
        (bool align, bool half) = (coordinates == "align_corners", coordinates is "half_pixel" or "pytorch_half_pixel");
        bool image = rank is 3 or 4 && changed.All(axis => axis >= 2) && !cubic && !antialias && region is null;
        bool native = image
            && changed.All(axis => Same(linear ? Clamped(positions[axis], x.Shape[axis]) : Nearest(nearest, positions[axis], x.Shape[axis]),
            linear ? LinearSource(x.Shape[axis], sizes[axis], align, half) : NearestSource(x.Shape[axis], sizes[axis], align, half)));
        c.Output(0, native ? Native(c, x, sizes, linear, align, half)
            : mode == "nearest" ? Picked(c, x, changed, positions, nearest)
            : Mixed(c, x, changed, positions, scales,
            new(cubic, c.Node.Float("cubic_coeff_a", -0.75f), c.Node.Int("exclude_outside", 0) != 0, antialias)));
    }

    private static Tensor Native(ImportContext c, Tensor x, int[] sizes, bool linear, bool align, bool half)
    {
        bool flat = x.Shape.Rank == 3;
        Tensor image = c.ChannelsLast(flat ? ConvolutionImport.Lifted(c, x) : x);
        Tensor y = c.ChannelsFirst(c
            .Emit(new Resize(linear ? ResizeKind.Bilinear : ResizeKind.Nearest, align, half), image,
            c.Integers(flat ? 1 : sizes[2], sizes[^1])));
        return c.Reshape(y, new([.. sizes]));
    }

    private static Tensor Picked(ImportContext c, Tensor x, int[] axes, double[][] positions, string nearest)
    {
        foreach (int axis in axes)
            if (positions[axis].Any(double.IsNaN))
                throw ImportContext
                    .Unsupported("A crop that leaves the image cannot be expressed with mode 'nearest'.", "Crop inside the image.");
            else
                x = c.Emit(new Gather(axis), x, c.Integers([.. Nearest(nearest, positions[axis], x.Shape[axis]).Select(p => (int)p)]));
        return x;
    }

    /// <summary>Resizes axis by axis with a constant matrix; results outside a crop are the extrapolation value.</summary>
    private static Tensor Mixed(ImportContext c, Tensor x, int[] axes, double[][] positions, double[] scales,
        InterpolationMatrix interpolation)
    {
        foreach (int axis in axes)
        {
            int from = x.Shape[axis], to = positions[axis].Length;
            _ = c.Listed((long)from * to);
            float[] matrix = interpolation.Build(from, positions[axis], scales[axis]);
            Tensor weights = c.Constant(TensorData.From<float>([to, from], matrix), "interpolation");
            x = NormalizationImport.OnLastAxis(c, x, axis, t => MatrixImport.Product(c, t, c.Transpose(weights, 1, 0)));
        }
        float beyond = c.Node.Float("extrapolation_value", 0);
        if (beyond == 0 || !axes.Any(axis => positions[axis].Any(double.IsNaN)))
            return x;
        Tensor outside = c.Scalar(1f);
        foreach (int axis in axes)
            outside = c.Mul(outside,
                c.Constant(TensorData.From<float>([.. Enumerable.Range(0, x.Shape.Rank).Select(a => a == axis ? x.Shape[a] : 1)],
                [.. positions[axis].Select(p => double.IsNaN(p) ? 0f : 1f)]), "inside"));
        return c.Add(x, c.Mul(c.Sub(c.Scalar(1f), outside), c.Scalar(beyond)));
    }

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
            : old ? throw ImportContext.Unsupported("It has no scales.", "Export the model again; the file is not complete.")
            : c.Integers(3, "sizes");
        if (Math.Max(given?.Length ?? 0, wanted?.Length ?? 0) < axes.Length)
            throw ImportContext
                .Unsupported($"{given?.Length ?? wanted!.Length} scales or sizes do not suit {axes.Length} axes.",
                "Check the exported model.");
        double Factor(int i) => (double)wanted![i] / x.Shape[axes[i]];
        double? common = wanted is null ? null : c.Node.Text("keep_aspect_ratio_policy", "stretch") switch
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
            : throw ImportContext.Unsupported("A size would be 0.", "Use larger factors.");
    }

    /// <summary>
    /// Position in the source of each element along an axis, as ONNX defines it; no number where a crop leaves the source.
    /// </summary>
    private static double[] Positions(string coordinates, int from, int to, double scale, (double Start, double End) region) =>
        [.. Enumerable.Range(0, to).Select(i =>
        coordinates switch
        {
            "align_corners" => to == 1 ? 0 : (double)i * (from - 1) / (to - 1),
            "asymmetric" => i / scale,
            "half_pixel_symmetric" => (from / 2.0 * (1 - (to / (scale * from)))) + ((i + 0.5) / scale) - 0.5,
            "pytorch_half_pixel" when to == 1 => 0,
            "tf_half_pixel_for_nn" => (i + 0.5) / scale,
            Crop => Inside(to == 1 ? 0.5 * (region.Start + region.End) * (from - 1)
                : (region.Start * (from - 1)) + (i * (region.End - region.Start) * (from - 1) / (to - 1)), from),
            _ => ((i + 0.5) / scale) - 0.5,
        })];

    private static double Inside(double position, int size) => position < 0 || position > size - 1 ? double.NaN : position;

    private static double[] Clamped(double[] positions, int size) => [.. positions.Select(position => Math.Clamp(position, 0, size - 1))];

    private static double[] Nearest(string rounding, double[] positions, int size)
    {
        const double tolerance = 1e-9; // a whole position stays whole
        return [.. positions.Select(position => Math.Clamp(rounding switch
        {
            "floor" => Math.Floor(position + tolerance),
            "ceil" => Math.Ceiling(position - tolerance),
            "round_prefer_ceil" => Math.Floor(position + 0.5 + tolerance),
            _ => Math.Ceiling(position - 0.5 - tolerance),
        }, 0, size - 1))];
    }

    private static double[] LinearSource(int from, int to, bool align, bool half) => [.. Enumerable.Range(0, to).Select(i =>
        Math.Clamp(align && to > 1 ? (double)i * (from - 1) / (to - 1) : half ? ((i + 0.5) * from / to) - 0.5
        : (double)i * from / to, 0, from - 1))];

    private static double[] NearestSource(int from, int to, bool align, bool half)
    {
        float scale = align && to > 1 ? (float)(from - 1) / (to - 1) : (float)from / to;
        return [.. Enumerable.Range(0, to).Select(i =>
        {
            float position = (i + (half ? 0.5f : 0)) * scale;
            return Math.Clamp(align ? Math.Round(position, MidpointRounding.AwayFromZero) : Math.Floor(position), 0.0, from - 1);
        })];
    }

    private static bool Same(double[] a, double[] b) => a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5);
}
