using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Pools (tflite-kernels 4.4).</summary>
public static class Pooling
{
    private const int MostCells = 256;

    /// <summary>How many spatial axes a pool over an image [N, C, …] has: one to three.</summary>
    /// <exception cref="UnsupportedOperatorException">It has others.</exception>
    public static int SpatialAxes(Tensor x) => x.Shape.Rank - 2 is var spatial and (1 or 2 or 3) ? spatial
        : throw new UnsupportedOperatorException($"Pooling over {x.Shape.Rank - 2} axes cannot be expressed.",
            "Only 1-D, 2-D and 3-D pools are possible.");

    /// <summary>The maxima of an image's windows.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image [N, C, H, W] or [N, C, L].</param>
    /// <param name="options">How windows lie, with their size.</param>
    public static Tensor Maximum(GraphEmitter g, Tensor x, WindowOptions options) => Run(g, x, options, (image, window) =>
    {
        (Tensor padded, Padding padding) = window.Pad(g, image, float.MinValue);
        if (!window.IsDilated)
            return g.Emit(Pool(PoolKind.Max, padding, window), padded);
        return DilatedMaximum(g, padding == Padding.Valid ? padded : window.PadAll(g, image, float.MinValue), window);
    });

    /// <summary>The means of an image's windows.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image [N, C, H, W] or [N, C, L].</param>
    /// <param name="options">How windows lie, with their size.</param>
    /// <param name="includesPadding">True if zeros of the padding count.</param>
    public static Tensor Average(GraphEmitter g, Tensor x, WindowOptions options, bool includesPadding) =>
        Run(g, x, options, (image, window) => Average(g, image, window, includesPadding));

    /// <summary>The sums of an image's windows times a factor.</summary>
    public static Tensor Sum(GraphEmitter g, Tensor x, WindowOptions options, double factor)
    {
        double once = SpatialAxes(x) == 3 ? 1 : factor; // three axes are pooled in two steps
        Tensor sum = Run(g, x, options, (image, window) => g.Mul(
            g.Emit(Pool(PoolKind.Average, Padding.Valid, window), window.Leaves(image.Shape) ? window.PadAll(g, image) : image),
            g.Scalar((float)((double)window.Kernel[0] * window.Kernel[1] * once))));
        return once == factor ? sum : g.Mul(sum, g.Scalar((float)factor));
    }

    /// <summary>The roots of sums of squares of an image's windows.</summary>
    public static Tensor Norm(GraphEmitter g, Tensor x, WindowOptions options) => Run(g, x, options, (image, window) =>
        g.Unary(UnaryKind.Sqrt, g.Mul(Average(g, g.Mul(image, image), window, true),
            g.Scalar((float)(window.Kernel[0] * window.Kernel[1])))));

    /// <summary>A reduction of each channel of an image [N, C, …] to one number.</summary>
    public static Tensor Global(GraphEmitter g, Tensor x, ReduceKind kind)
    {
        Tensor image = g.ChannelsLast(x);
        return g.ChannelsFirst(g.Reduce(kind, image, Pixels(image), true));
    }

    /// <summary>The root of the sum of squares of each channel of an image [N, C, …].</summary>
    public static Tensor GlobalNorm(GraphEmitter g, Tensor x)
    {
        Tensor image = g.ChannelsLast(x);
        return g.ChannelsFirst(g.Unary(UnaryKind.Sqrt, g.Reduce(ReduceKind.Sum, g.Mul(image, image), Pixels(image), true)));
    }

    private static int[] Pixels(Tensor image) => image.Shape.Rank >= 2 ? [.. Enumerable.Range(1, image.Shape.Rank - 2)]
        : throw new UnsupportedOperatorException($"{image.Shape} is no image with channels.", "Check the exported model.");

    private static Tensor Run(GraphEmitter g, Tensor x, WindowOptions options, Func<Tensor, Window, Tensor> pool)
    {
        int spatial = SpatialAxes(x);
        int[] kernel = options.Kernel ?? throw new ArgumentException("a pool needs the size of its windows", nameof(options));
        if (spatial == 3)
            return InTwo(g, x, options, kernel, pool);
        if (spatial == 1)
            x = g.Lifted(x);
        ElementType type = x.Type;
        x = g.Cast(x, ElementType.Float32); // integers that are no quantized values
        Window window = Window.Over(options, WindowOptions.Pair(kernel, 1), x.Shape);
        Tensor y = g.Cast(g.ChannelsFirst(pool(g.ChannelsLast(x), window)), type);
        return spatial == 1 ? g.Lowered(y) : y;
    }

    /// <summary>Three axes in two steps: height and width of each slice, then the depth.</summary>
    private static Tensor InTwo(GraphEmitter g, Tensor x, WindowOptions options, int[] kernel, Func<Tensor, Window, Tensor> pool)
    {
        (int n, int channels, int depth) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        Tensor y = Run(g, g.Reshape(x, [n, checked(channels * depth), x.Shape[3], x.Shape[4]]), new()
        {
            Kernel = kernel[1..], Strides = options.Strides?[1..], Dilations = options.Dilations?[1..], Begin = options.Begin?[1..],
            End = options.End?[1..], Auto = options.Auto, CeilMode = options.CeilMode,
        }, pool);
        (int height, int width) = (y.Shape[2], y.Shape[3]);
        Tensor z = Run(g, g.Reshape(y, [n, channels, depth, checked(height * width)]), new()
        {
            Kernel = [kernel[0], 1], Strides = Deep(options.Strides, 1), Dilations = Deep(options.Dilations, 1),
            Begin = Deep(options.Begin, 0), End = Deep(options.End, 0), Auto = options.Auto, CeilMode = options.CeilMode,
        }, pool);
        return g.Reshape(z, [n, channels, z.Shape[2], height, width]);

        static int[]? Deep(int[]? values, int usual) => values is null ? null : [values[0], usual];
    }

    /// <summary>A dilated maximum, along the height and then along the width: the maximum of strided slices, one for each cell.</summary>
    private static Tensor DilatedMaximum(GraphEmitter g, Tensor x, Window window) =>
        DilatedMaximum(g, DilatedMaximum(g, x, window, 0), window, 1);

    private static Tensor DilatedMaximum(GraphEmitter g, Tensor x, Window window, int side)
    {
        (int kernel, int dilation, int stride) = (window.Kernel[side], window.Dilations[side], window.Strides[side]);
        if (kernel > MostCells)
            throw new UnsupportedOperatorException($"A dilated pool over {kernel} cells in a row is too large.",
                "Use a smaller kernel, or dilation=1.");
        Tensor? result = null;
        for (int k = 0; k < kernel; k++)
        {
            int[] begin = [0, 0, 0, 0], end = [.. x.Shape], strides = [1, 1, 1, 1];
            (begin[1 + side], end[1 + side], strides[1 + side]) =
                (k * dilation, (k * dilation) + ((window.Output[side] - 1) * stride) + 1, stride);
            Tensor cell = g.Emit(new StridedSlice(), x, g.Integers(begin), g.Integers(end), g.Integers(strides));
            result = result is null ? cell : g.Binary(BinaryKind.Maximum, result, cell);
        }
        return result!;
    }

    private static Tensor Average(GraphEmitter g, Tensor x, Window window, bool includesPadding)
    {
        if (window.IsDilated)
            return DilatedAverage(g, x, window, includesPadding);
        Pool2D pool = Pool(PoolKind.Average, Padding.Valid, window);
        if (!window.Leaves(x.Shape))
            return g.Emit(pool, x);
        if (!includesPadding && window.IsSame(x.Shape))
            return g.Emit(pool with { Padding = Padding.Same }, x);
        Tensor y = g.Emit(pool, window.PadAll(g, x));
        float[] factors = new float[g.Listed((long)window.Output[0] * window.Output[1])];
        for (int oy = 0; oy < window.Output[0]; oy++)
            for (int ox = 0; ox < window.Output[1]; ox++)
                factors[(oy * window.Output[1]) + ox] = (float)(window.Kernel[0] * window.Kernel[1])
                    / (Cells(x.Shape, window, 0, oy, includesPadding) * Cells(x.Shape, window, 1, ox, includesPadding));
        return factors.All(factor => factor == 1) ? y
            : g.Mul(y, g.Constant(TensorData.From<float>([1, window.Output[0], window.Output[1], 1], factors), "counts"));
    }

    /// <summary>A dilated average as a depthwise convolution with equal weights.</summary>
    private static Tensor DilatedAverage(GraphEmitter g, Tensor x, Window window, bool includesPadding)
    {
        if (!includesPadding && window.Leaves(x.Shape))
            throw new UnsupportedOperatorException("A dilated average pool that leaves padding out cannot be expressed.",
                "Use dilation=1 or count_include_pad=True.");
        Tensor image = window.PadAll(g, x);
        int channels = x.Shape[3], cells = g.Listed((long)window.Kernel[0] * window.Kernel[1]);
        float[] weights = new float[g.Listed((long)cells * channels)];
        weights.AsSpan().Fill(1f / cells);
        return g.Emit(new DepthwiseConv2D(Padding.Valid, window.Strides[0], window.Strides[1], window.Dilations[0], window.Dilations[1], 1),
            image, g.Constant(TensorData.From<float>([1, window.Kernel[0], window.Kernel[1], channels], weights), "weights"),
            g.Constant(TensorData.From<float>([channels], new float[channels]), "bias"));
    }

    private static int Cells(Shape nhwc, Window window, int side, int output, bool includesPadding)
    {
        int size = nhwc[1 + side], start = (output * window.Strides[side]) - window.Begin[side], stop = start + window.Kernel[side];
        return includesPadding
            ? Math.Min(stop, size + window.End[side]) - start
            : Math.Min(stop, size) - Math.Max(start, 0);
    }

    private static Pool2D Pool(PoolKind kind, Padding padding, Window window) =>
        new(kind, padding, window.Strides[0], window.Strides[1], window.Kernel[0], window.Kernel[1]);
}
