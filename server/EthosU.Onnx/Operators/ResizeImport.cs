using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Resize and Upsample (tflite-kernels, section 4.5); what RESIZE_* cannot do goes through index lists or matrices.</summary>
internal static class ResizeImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators => [("Resize", Resize), ("Upsample", Resize)];

    private static void Resize(ImportContext c)
    {
        Tensor x = c.Input(0);
        int rank = x.Shape.Rank;
        bool upsample = c.Node.Type == "Upsample", old = upsample || c.Node.Opset < 11;
        string mode = c.Node.Text("mode", "nearest"), coordinates = old ? "asymmetric" : c.Node.Text("coordinate_transformation_mode", "half_pixel");
        string nearest = old ? "floor" : c.Node.Text("nearest_mode", "round_prefer_floor");
        (int[] sizes, double[] scales) = Sizes(c, x, upsample, old);
        int[] changed = [.. Enumerable.Range(0, rank).Where(axis => sizes[axis] != x.Shape[axis] || scales[axis] != 1)];
        if (mode is not ("nearest" or "linear" or "bilinear") || coordinates == "tf_crop_and_resize" || c.Node.Int("antialias", 0) != 0)
            throw ImportContext.Unsupported($"Resizing of mode '{mode}' with coordinates '{coordinates}'{(c.Node.Int("antialias", 0) != 0 ? " and antialiasing" : "")} cannot be expressed.", "Use nn.Upsample with mode 'nearest' or 'bilinear', or a transposed convolution.");
        if (changed.Length == 0)
        {
            c.Output(0, x);
            return;
        }
        bool image = rank is 3 or 4 && changed.All(axis => axis >= 2);
        bool linear = mode != "nearest";
        (bool align, bool half) = (coordinates == "align_corners", coordinates is "half_pixel" or "pytorch_half_pixel");
        bool native = image && changed.All(axis => Same(Source(linear, coordinates, nearest, x.Shape[axis], sizes[axis], scales[axis]),
            linear ? LinearSource(x.Shape[axis], sizes[axis], align, half) : NearestSource(x.Shape[axis], sizes[axis], align, half)));
        if (!native)
        {
            foreach (int axis in changed)
                x = Gathered(c, x, axis, Source(linear, coordinates, nearest, x.Shape[axis], sizes[axis], scales[axis]), linear);
            c.Output(0, x);
            return;
        }
        if (rank == 3)
            x = c.Reshape(x, [x.Shape[0], x.Shape[1], 1, x.Shape[2]]);
        Tensor y = c.ChannelsFirst(c.Emit(new Resize(linear ? ResizeKind.Bilinear : ResizeKind.Nearest, align, half), c.ChannelsLast(x),
            c.Integers(rank == 3 ? 1 : sizes[2], sizes[^1])));
        c.Output(0, c.Reshape(y, new([.. sizes])));
    }

    private static (int[], double[]) Sizes(ImportContext c, Tensor x, bool upsample, bool old)
    {
        int scaleInput = upsample || old ? 1 : 2, rank = x.Shape.Rank;
        int[] axes = c.Node.Ints("axes") ?? [.. Enumerable.Range(0, rank)];
        int[] sizes = [.. x.Shape];
        double[] scales = [.. Enumerable.Repeat(1.0, rank)];
        float[]? given = c.Node.Floats("scales") ?? (c.TryInput(scaleInput) is { Shape.ElementCount: > 0 } s ? c.Constant(s, "scales").ToFloatArray() : null);
        int[]? wanted = old || given is { Length: > 0 } ? null : c.ReadIntegers(3);
        if (wanted is not null && c.Node.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
            throw ImportContext.Unsupported("keep_aspect_ratio_policy cannot be expressed.", "Give the size of each axis.");
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = x.Shape.NormalizeAxis(axes[i]);
            if (wanted is not null)
                (sizes[axis], scales[axis]) = (wanted[i], (double)wanted[i] / x.Shape[axis]);
            else if (given is not null)
                (sizes[axis], scales[axis]) = ((int)Math.Floor(x.Shape[axis] * given[i]), given[i]);
        }
        return sizes.All(size => size > 0) ? (sizes, scales) : throw ImportContext.Unsupported("A size would be 0.", "Use larger factors.");
    }

    /// <summary>Position in the source of each element along an axis, as ONNX defines it; whole numbers for nearest.</summary>
    private static double[] Source(bool linear, string coordinates, string nearest, int from, int to, double scale) => [.. Enumerable.Range(0, to).Select(i =>
    {
        double position = coordinates switch
        {
            "align_corners" => to == 1 ? 0 : (double)i * (from - 1) / (to - 1),
            "asymmetric" => i / scale,
            "half_pixel_symmetric" => (from / 2.0 * (1 - (to / (scale * from)))) + ((i + 0.5) / scale) - 0.5,
            "pytorch_half_pixel" when to == 1 => 0,
            _ => ((i + 0.5) / scale) - 0.5,
        };
        if (linear)
            return Math.Clamp(position, 0, from - 1);
        const double tolerance = 1e-9; // a whole position stays whole
        return Math.Clamp(nearest switch
        {
            "floor" => Math.Floor(position + tolerance),
            "ceil" => Math.Ceiling(position - tolerance),
            "round_prefer_ceil" => Math.Floor(position + 0.5 + tolerance),
            _ => Math.Ceiling(position - 0.5 - tolerance),
        }, 0, from - 1);
    })];

    private static double[] LinearSource(int from, int to, bool align, bool half) => [.. Enumerable.Range(0, to).Select(i =>
        Math.Clamp(align && to > 1 ? (double)i * (from - 1) / (to - 1) : half ? ((i + 0.5) * from / to) - 0.5 : (double)i * from / to, 0, from - 1))];

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

    /// <summary>Resizes one axis by picking neighbours, and mixing them where linear.</summary>
    private static Tensor Gathered(ImportContext c, Tensor x, int axis, double[] positions, bool linear)
    {
        Tensor low = c.Emit(new Gather(axis), x, c.Integers([.. positions.Select(p => (int)Math.Floor(p))]));
        if (!linear)
            return low;
        Tensor high = c.Emit(new Gather(axis), x, c.Integers([.. positions.Select(p => Math.Min((int)Math.Floor(p) + 1, x.Shape[axis] - 1))]));
        Shape along = [.. Enumerable.Range(0, x.Shape.Rank).Select(a => a == axis ? positions.Length : 1)];
        float[] weights = [.. positions.Select(p => (float)(p - Math.Floor(p)))];
        Tensor upper = c.Mul(high, c.Constant(TensorData.From<float>(along, weights), "weights"));
        return c.Add(c.Mul(low, c.Constant(TensorData.From<float>(along, [.. weights.Select(w => 1 - w)]), "weights")), upper);
    }
}
