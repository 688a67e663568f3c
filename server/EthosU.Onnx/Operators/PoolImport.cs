using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Pools (tflite-kernels 4.4).</summary>
internal static class PoolImport
{
    private const int MostCells = 256;

    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("MaxPool", Max), ("AveragePool", Average), ("LpPool", Lp),
        ("GlobalAveragePool", c => Global(c, ReduceKind.Mean)), ("GlobalMaxPool", c => Global(c, ReduceKind.Max)),
        ("GlobalLpPool", GlobalLp),
    ];

    private static void Max(ImportContext c)
    {
        if (c.WantsOutput(1))
            throw ImportContext
                .Unsupported("The positions of the maxima (return_indices=True) cannot be computed.",
                "Use MaxPool without return_indices.");
        c.Output(0, MaximumOf(c, c.Input(0)));
    }

    /// <summary>The maxima of an image's windows, by the node's attributes.</summary>
    public static Tensor MaximumOf(ImportContext c, Tensor input) =>
        Run(c, input, (x, window) =>
        {
            (Tensor image, Padding padding) = window.Pad(c, x, float.MinValue);
            if (window.DilationHeight == 1 && window.DilationWidth == 1)
                return c.Emit(new Pool2D(PoolKind.Max, padding, window.StrideHeight, window.StrideWidth, window.Kernel[0],
                    window.Kernel[1]), image);
            (image, _) = padding == Padding.Valid ? (image, padding) : PadFully(c, x, window);
            return Dilated(c, image, window);
        });

    private static (Tensor, Padding) PadFully(ImportContext c, Tensor x, Window window)
    {
        Tensor paddings = c.Constant(TensorData.From([4, 2],
            [0, 0, window.Begin[0], window.Needed(x.Shape, 0), window.Begin[1], window.Needed(x.Shape, 1), 0, 0]), "paddings");
        return (c.Emit(new PadV2(), x, paddings, c.Scalar(float.MinValue)), Padding.Valid);
    }

    /// <summary>A dilated maximum, along the height and then along the width: the maximum of strided slices, one for each cell.</summary>
    private static Tensor Dilated(ImportContext c, Tensor x, Window window) =>
        Dilated(c, Dilated(c, x, 1, window.Kernel[0], window.DilationHeight, window.StrideHeight, window.Output[0]),
            2, window.Kernel[1], window.DilationWidth, window.StrideWidth, window.Output[1]);

    private static Tensor Dilated(ImportContext c, Tensor x, int axis, int kernel, int dilation, int stride, int output)
    {
        if (kernel > MostCells)
            throw ImportContext
                .Unsupported($"A dilated pool over {kernel} cells in a row is too large.", "Use a smaller kernel, or dilation=1.");
        Tensor? result = null;
        for (int k = 0; k < kernel; k++)
        {
            int[] begin = [0, 0, 0, 0], end = [.. x.Shape], strides = [1, 1, 1, 1];
            (begin[axis], end[axis], strides[axis]) = (k * dilation, (k * dilation) + ((output - 1) * stride) + 1, stride);
            Tensor cell = c.Emit(new StridedSlice(), x, c.Integers(begin), c.Integers(end), c.Integers(strides));
            result = result is null ? cell : c.Binary(BinaryKind.Maximum, result, cell);
        }
        return result!;
    }

    private static void Average(ImportContext c) => c.Output(0, AverageOf(c, c.Input(0)));

    /// <summary>The means of an image's windows, by the node's attributes.</summary>
    public static Tensor AverageOf(ImportContext c, Tensor image) =>
        Run(c, image, (x, window) => AverageOf(c, x, window, c.Node.Int("count_include_pad", 0) != 0));

    private static Tensor AverageOf(ImportContext c, Tensor x, Window window, bool includePadding)
    {
        if (window.DilationHeight != 1 || window.DilationWidth != 1)
            return DilatedAverage(c, x, window, includePadding);
        Pool2D pool = new(PoolKind.Average, Padding.Valid, window.StrideHeight, window.StrideWidth, window.Kernel[0], window.Kernel[1]);
        bool padded = window.Begin[0] + window.Begin[1] + window.Needed(x.Shape, 0) + window.Needed(x.Shape, 1) > 0;
        if (!padded)
            return c.Emit(pool, x);
        if (!includePadding && window.IsSame(x.Shape))
            return c.Emit(pool with { Padding = Padding.Same }, x);
        (Tensor image, _) = PadWithZeros(c, x, window);
        Tensor y = c.Emit(pool, image);
        float[] factors = new float[c.Listed((long)window.Output[0] * window.Output[1])];
        for (int oy = 0; oy < window.Output[0]; oy++)
            for (int ox = 0; ox < window.Output[1]; ox++)
                factors[(oy * window.Output[1]) + ox] = (float)(window.Kernel[0] * window.Kernel[1])
                    / (Cells(x.Shape, window, 0, oy, includePadding) * Cells(x.Shape, window, 1, ox, includePadding));
        return factors.All(factor => factor == 1) ? y
            : c.Mul(y, c.Constant(TensorData.From<float>([1, window.Output[0], window.Output[1], 1], factors), "counts"));
    }

    /// <summary>A dilated average as a depthwise convolution with equal weights.</summary>
    private static Tensor DilatedAverage(ImportContext c, Tensor x, Window window, bool includePadding)
    {
        if (!includePadding && window.Begin[0] + window.Begin[1] + window.Needed(x.Shape, 0) + window.Needed(x.Shape, 1) > 0)
            throw ImportContext
                .Unsupported("A dilated average pool that leaves padding out cannot be expressed.",
                "Use dilation=1 or count_include_pad=True.");
        (Tensor image, _) = PadWithZeros(c, x, window);
        int channels = x.Shape[3], cells = c.Listed((long)window.Kernel[0] * window.Kernel[1]);
        float[] weights = new float[c.Listed((long)cells * channels)];
        weights.AsSpan().Fill(1f / cells);
        return c.Emit(new DepthwiseConv2D(Padding.Valid, window.StrideHeight, window.StrideWidth, window.DilationHeight,
            window.DilationWidth, 1), image,
            c.Constant(TensorData.From<float>([1, window.Kernel[0], window.Kernel[1], channels], weights), "weights"),
            c.Constant(TensorData.From<float>([channels], new float[channels]), "bias"));
    }

    private static int Cells(Shape nhwc, Window window, int axis, int output, bool includePadding)
    {
        int stride = axis == 0 ? window.StrideHeight : window.StrideWidth, size = nhwc[1 + axis];
        int start = (output * stride) - window.Begin[axis], stop = start + window.Kernel[axis];
        return includePadding
            ? Math.Min(stop, size + window.End[axis]) - start
            : Math.Min(stop, size) - Math.Max(start, 0);
    }

    private static (Tensor, Padding) PadWithZeros(ImportContext c, Tensor x, Window window) =>
        (c.Emit(new Pad(), x, c.Constant(TensorData.From([4, 2],
        [0, 0, window.Begin[0], window.Needed(x.Shape, 0), window.Begin[1], window.Needed(x.Shape, 1), 0, 0]), "paddings")), Padding.Valid);

    private static void Lp(ImportContext c)
    {
        RequireSquares(c);
        c.Output(0, Run(c, c.Input(0), (x, window) => c.Unary(UnaryKind.Sqrt, c.Mul(AverageOf(c, c.Mul(x, x), window, true),
            c.Scalar((float)(window.Kernel[0] * window.Kernel[1]))))));
    }

    private static void GlobalLp(ImportContext c)
    {
        RequireSquares(c);
        Tensor x = c.ChannelsLast(c.Input(0));
        c.Output(0, c.ChannelsFirst(c.Unary(UnaryKind.Sqrt, c.Reduce(ReduceKind.Sum, c.Mul(x, x), Spatial(x), true))));
    }

    private static void RequireSquares(ImportContext c)
    {
        float p = c.Node.Opset < 2 ? c.Node.Float("p", 2) : c.Node.Int("p", 2);
        if (p != 2)
            throw ImportContext.Unsupported($"The norm p = {p} cannot be expressed.", "Use p = 2.");
    }

    private static void Global(ImportContext c, ReduceKind kind)
    {
        Tensor x = c.ChannelsLast(c.Input(0));
        c.Output(0, c.ChannelsFirst(c.Reduce(kind, x, Spatial(x), true)));
    }

    private static int[] Spatial(Tensor x) => [.. Enumerable.Range(1, x.Shape.Rank - 2)];

    private static Tensor Run(ImportContext c, Tensor x, Func<Tensor, Window, Tensor> pool)
    {
        int spatial = x.Shape.Rank - 2;
        if (spatial is < 1 or > 2)
            throw ImportContext
                .Unsupported($"Pooling over {spatial} axes cannot be expressed.",
                "Only 1-D and 2-D pools are possible on microcontrollers.");
        int[] kernel = c.Node.Ints("kernel_shape", spatial)
            ?? throw ImportContext.Unsupported("It has no kernel_shape.", "Check the exported model.");
        if (spatial == 1)
            x = c.Reshape(x, [x.Shape[0], x.Shape[1], 1, x.Shape[2]]);
        ElementType type = x.Type;
        x = c.Cast(x, ElementType.Float32); // integers that are no quantized values
        Window window = Window.Read(c, spatial == 1 ? [1, kernel[0]] : kernel, x.Shape, spatial == 1);
        Tensor y = c.Cast(c.ChannelsFirst(pool(c.ChannelsLast(x), window)), type);
        return spatial == 1 ? c.Reshape(y, [y.Shape[0], y.Shape[1], y.Shape[3]]) : y;
    }
}
