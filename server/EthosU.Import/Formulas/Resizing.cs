using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Resizing (tflite-kernels 4.5); what RESIZE_* cannot do goes through index lists or matrices.</summary>
public static class Resizing
{
    /// <summary>A tensor with other sizes.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The tensor; images have their channels first.</param>
    /// <param name="sizes">The size of each axis.</param>
    /// <param name="scales">The factor of each axis, by which positions are computed; not always the ratio of sizes.</param>
    /// <param name="options">How elements are found.</param>
    /// <exception cref="UnsupportedOperatorException">It cannot be expressed.</exception>
    public static Tensor Of(GraphEmitter g, Tensor x, int[] sizes, double[] scales, ResizeOptions options)
    {
        int rank = x.Shape.Rank;
        bool crops = options.Coordinates == ResizeCoordinates.Crop;
        int[] changed = [.. Enumerable.Range(0, rank).Where(axis => sizes[axis] != x.Shape[axis] || scales[axis] != 1 || crops)];
        if (changed.Length == 0)
            return x;
        foreach (int axis in changed)
            _ = g.Listed(sizes[axis]);
        float[]? region = crops ? options.Region ?? [] : null;
        if (region is not null && region.Length != 2 * rank)
            throw new UnsupportedOperatorException($"A region of {region.Length} numbers does not suit {rank} axes.",
                "Check the exported model.");
        double[][] positions = [.. Enumerable.Range(0, rank).Select(axis => !changed.Contains(axis) ? []
            : Positions(options.Coordinates, x.Shape[axis], sizes[axis], scales[axis], region is null ? (0, 1)
            : (region[axis], region[axis + rank])))];
        bool linear = options.Mode == ResizeMode.Linear, align = options.Coordinates == ResizeCoordinates.AlignCorners,
            half = options.Coordinates is ResizeCoordinates.HalfPixel or ResizeCoordinates.HalfPixelOrFirst;
        bool image = rank is 3 or 4 && changed.All(axis => axis >= 2) && options.Mode != ResizeMode.Cubic && !options.Antialiases && !crops;
        bool native = image && changed.All(axis => Same(
            linear ? Clamped(positions[axis], x.Shape[axis]) : Nearest(options.Rounding, positions[axis], x.Shape[axis]),
            linear ? LinearSource(x.Shape[axis], sizes[axis], align, half) : NearestSource(x.Shape[axis], sizes[axis], align, half)));
        return native ? Native(g, x, sizes, linear, align, half)
            : options.Mode == ResizeMode.Nearest ? Picked(g, x, changed, positions, options.Rounding)
            : Mixed(g, x, changed, positions, scales, options);
    }

    private static Tensor Native(GraphEmitter g, Tensor x, int[] sizes, bool linear, bool align, bool half)
    {
        bool flat = x.Shape.Rank == 3;
        Tensor image = g.ChannelsLast(flat ? g.Lifted(x) : x);
        Tensor y = g.ChannelsFirst(g.Emit(new Resize(linear ? ResizeKind.Bilinear : ResizeKind.Nearest, align, half), image,
            g.Integers(flat ? 1 : sizes[2], sizes[^1])));
        return g.Reshape(y, new([.. sizes]));
    }

    private static Tensor Picked(GraphEmitter g, Tensor x, int[] axes, double[][] positions, NearestRounding rounding)
    {
        foreach (int axis in axes)
            if (positions[axis].Any(double.IsNaN))
                throw new UnsupportedOperatorException("A crop that leaves the image cannot be expressed with mode 'nearest'.",
                    "Crop inside the image.");
            else
                x = g.Emit(new Gather(axis), x, g.Integers([.. Nearest(rounding, positions[axis], x.Shape[axis]).Select(p => (int)p)]));
        return x;
    }

    /// <summary>Resizes axis by axis with a constant matrix; results outside a crop are the value beyond.</summary>
    private static Tensor Mixed(GraphEmitter g, Tensor x, int[] axes, double[][] positions, double[] scales, ResizeOptions options)
    {
        InterpolationMatrix interpolation =
            new(options.Mode == ResizeMode.Cubic, options.CubicCoefficient, options.ExcludesOutside, options.Antialiases);
        foreach (int axis in axes)
        {
            int from = x.Shape[axis], to = positions[axis].Length;
            _ = g.Listed((long)from * to);
            float[] matrix = interpolation.Build(from, positions[axis], scales[axis]);
            Tensor weights = g.Constant(TensorData.From<float>([to, from], matrix), "interpolation");
            x = g.OnLastAxis(x, axis, t => MatrixProduct.Of(g, t, g.Transpose(weights, 1, 0)));
        }
        if (options.Beyond == 0 || !axes.Any(axis => positions[axis].Any(double.IsNaN)))
            return x;
        Tensor inside = g.Scalar(1f);
        foreach (int axis in axes)
            inside = g.Mul(inside,
                g.Constant(TensorData.From<float>([.. Enumerable.Range(0, x.Shape.Rank).Select(a => a == axis ? x.Shape[a] : 1)],
                [.. positions[axis].Select(p => double.IsNaN(p) ? 0f : 1f)]), "inside"));
        return g.Add(x, g.Mul(g.Sub(g.Scalar(1f), inside), g.Scalar(options.Beyond)));
    }

    /// <summary>Position in the source of each element along an axis; no number where a crop leaves the source.</summary>
    private static double[] Positions(ResizeCoordinates coordinates, int from, int to, double scale, (double Start, double End) region) =>
        [.. Enumerable.Range(0, to).Select(i => coordinates switch
        {
            ResizeCoordinates.AlignCorners => to == 1 ? 0 : (double)i * (from - 1) / (to - 1),
            ResizeCoordinates.Asymmetric => i / scale,
            ResizeCoordinates.HalfPixelSymmetric => (from / 2.0 * (1 - (to / (scale * from)))) + ((i + 0.5) / scale) - 0.5,
            ResizeCoordinates.HalfPixelOrFirst when to == 1 => 0,
            ResizeCoordinates.HalfPixelForNearest => (i + 0.5) / scale,
            ResizeCoordinates.Crop => Inside(to == 1 ? 0.5 * (region.Start + region.End) * (from - 1)
                : (region.Start * (from - 1)) + (i * (region.End - region.Start) * (from - 1) / (to - 1)), from),
            _ => ((i + 0.5) / scale) - 0.5,
        })];

    private static double Inside(double position, int size) => position < 0 || position > size - 1 ? double.NaN : position;

    private static double[] Clamped(double[] positions, int size) => [.. positions.Select(position => Math.Clamp(position, 0, size - 1))];

    private static double[] Nearest(NearestRounding rounding, double[] positions, int size)
    {
        const double tolerance = 1e-9; // a whole position stays whole
        return [.. positions.Select(position => Math.Clamp(rounding switch
        {
            NearestRounding.Lower => Math.Floor(position + tolerance),
            NearestRounding.Higher => Math.Ceiling(position - tolerance),
            NearestRounding.PreferHigher => Math.Floor(position + 0.5 + tolerance),
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
