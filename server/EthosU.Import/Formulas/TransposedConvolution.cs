using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Transposed convolutions (tflite-kernels 4.6, row 19).</summary>
public static class TransposedConvolution
{
    private const int MostSplitGroups = 4; // more become one dense kernel with zeros between the groups
    private const long LargestDenseKernel = 1 << 22;

    /// <summary>How many spatial axes a transposed convolution has: one or two.</summary>
    /// <param name="x">The image [N, C, …].</param>
    /// <param name="w">The weights, of as many axes.</param>
    /// <exception cref="UnsupportedOperatorException">It has others.</exception>
    public static int SpatialAxes(Tensor x, Tensor w)
    {
        int spatial = x.Shape.Rank - 2;
        return spatial is 1 or 2 && w.Shape.Rank == x.Shape.Rank ? spatial
            : throw new UnsupportedOperatorException($"A transposed convolution over {spatial} axes cannot be expressed.",
                "Only ConvTranspose1d and ConvTranspose2d are possible.");
    }

    /// <summary>A transposed convolution.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image [N, C, H, W] or [N, C, L].</param>
    /// <param name="w">The weights [C, O / groups, H, W] or [C, O / groups, L].</param>
    /// <param name="bias">A number for each output channel; null for 0.</param>
    /// <param name="groups">How many groups of channels see nothing of each other.</param>
    /// <param name="options">How windows lie over the result.</param>
    /// <exception cref="UnsupportedOperatorException">It cannot be expressed.</exception>
    public static Tensor Of(GraphEmitter g, Tensor x, Tensor w, Tensor? bias, int groups, TransposedWindowOptions options)
    {
        int spatial = SpatialAxes(x, w);
        Convolution.RequireKernel(options.Window, w);
        if (spatial == 1)
            (x, w) = (g.Lifted(x), g.Lifted(w));
        if (groups < 1 || x.Shape[1] % groups != 0 || w.Shape[0] != x.Shape[1])
            throw new UnsupportedOperatorException($"Weights {w.Shape} with {groups} groups do not suit the input {x.Shape}.",
                "Check the exported model.");
        Convolution.RequireBias(bias, w.Shape[1] * groups);
        w = Dilated(g, w, WindowOptions.Pair(options.Window.Dilations, 1));
        Geometry geometry = Geometry.Of(options, [x.Shape[2], x.Shape[3]], [w.Shape[2], w.Shape[3]]);
        if (groups > MostSplitGroups && w.IsConstant && w.Shape.ElementCount * groups <= LargestDenseKernel)
            (w, groups) = (Dense(g, w, groups), 1);
        Tensor image = g.ChannelsLast(x), weights = g.Transpose(w, 1, 2, 3, 0); // [O / groups, H, W, I]
        int depth = x.Shape[1] / groups, perGroup = w.Shape[1];
        Tensor y = g.Concat(3, [.. Enumerable.Range(0, groups).Select(group => Part(g, g.SliceAxis(image, 3, group * depth, depth),
            g.SliceAxis(weights, 3, group * depth, depth), bias is null ? null : g.SliceAxis(bias, 0, group * perGroup, perGroup),
            geometry))]);
        y = g.ChannelsFirst(y);
        return spatial == 1 ? g.Lowered(y) : y;
    }

    private static Tensor Part(GraphEmitter g, Tensor x, Tensor w, Tensor? bias, Geometry geometry)
    {
        int n = x.Shape[0], o = w.Shape[0];
        (int[] strides, int[] size, int[] kernel, int[] begin, int[] result) = geometry;
        bool same = Enumerable.Range(0, 2).All(i => result[i] == size[i] * strides[i]
            && begin[i] == Math.Max(0, ((size[i] - 1) * strides[i]) + kernel[i] - result[i]) / 2);
        if (same)
            return g.Emit(new TransposeConv(Padding.Same, strides[0], strides[1]), g.Integers(n, result[0], result[1], o), w, x, bias);
        int[] full = [.. Enumerable.Range(0, 2).Select(i => checked((strides[i] * (size[i] - 1)) + Math.Max(kernel[i], strides[i])))];
        int[] after = [.. Enumerable.Range(0, 2).Select(i => Math.Max(0, begin[i] + result[i] - full[i]))];
        bool beyond = after.Any(a => a > 0); // more result is asked for than the kernel reaches: only the bias is there
        Tensor y = g.Emit(new TransposeConv(Padding.Valid, strides[0], strides[1]), g.Integers(n, full[0], full[1], o), w, x,
            beyond ? null : bias);
        if (beyond)
            y = g.Emit(new Pad(), y, g.Constant(TensorData.From([4, 2], [0, 0, 0, after[0], 0, after[1], 0, 0]), "paddings"));
        if (y.Shape[1] != result[0] || y.Shape[2] != result[1])
            y = g.Slice(y, [0, begin[0], begin[1], 0], [n, result[0], result[1], o]);
        return beyond && bias is not null ? g.Add(y, bias) : y;
    }

    /// <summary>A kernel with zeros between its elements.</summary>
    private static Tensor Dilated(GraphEmitter g, Tensor w, int[] dilations)
    {
        if (dilations is [1, 1])
            return w;
        if (dilations.Any(d => d < 1))
            throw new UnsupportedOperatorException("A dilation below 1 is not possible.", "Check the layer's arguments.");
        float[] values = g.Constant(w, "kernel of the dilated transposed convolution").ToFloatArray();
        Shape shape = [w.Shape[0], w.Shape[1], checked(((w.Shape[2] - 1) * dilations[0]) + 1),
            checked(((w.Shape[3] - 1) * dilations[1]) + 1)];
        float[] stuffed = new float[g.Listed(shape.ElementCount)];
        for (int i = 0; i < values.Length; i++)
        {
            int column = i % w.Shape[3], row = i / w.Shape[3] % w.Shape[2], map = i / w.Shape[3] / w.Shape[2];
            stuffed[(((map * shape[2]) + (row * dilations[0])) * shape[3]) + (column * dilations[1])] = values[i];
        }
        return g.Constant(TensorData.From<float>(shape, stuffed), "dilated");
    }

    /// <summary>Grouped weights [I, O / groups, H, W] as those of one group, [I, O, H, W].</summary>
    private static Tensor Dense(GraphEmitter g, Tensor w, int groups)
    {
        int perGroup = w.Shape[1], area = w.Shape[2] * w.Shape[3], depth = w.Shape[0] / groups;
        float[] values = w.Data!.ToFloatArray(), dense = new float[g.Listed((long)values.Length * groups)];
        for (int input = 0; input < w.Shape[0]; input++)
            values.AsSpan(input * perGroup * area, perGroup * area)
                .CopyTo(dense.AsSpan(((input * groups) + (input / depth)) * perGroup * area));
        return g.Constant(TensorData.From<float>([w.Shape[0], perGroup * groups, w.Shape[2], w.Shape[3]], dense), "dense");
    }

    /// <summary>Sizes along height and width: of the input, the kernel, the result, and what is cut off before.</summary>
    private sealed record Geometry(int[] Strides, int[] Size, int[] Kernel, int[] Begin, int[] Result)
    {
        public static Geometry Of(TransposedWindowOptions options, int[] size, int[] kernel)
        {
            int[] strides = WindowOptions.Pair(options.Window.Strides, 1), extra = WindowOptions.Pair(options.OutputPadding, 0);
            int[] begin = WindowOptions.Pair(options.Window.Begin, 0), end = WindowOptions.Pair(options.Window.End, 0);
            int[]? wanted = options.OutputSize is { } given ? WindowOptions.Pair(given, 1) : null;
            AutoPadding auto = options.Window.Auto;
            int[] result = new int[2];
            for (int i = 0; i < 2; i++)
            {
                if (strides[i] < 1 || extra[i] < 0 || begin[i] < 0 || end[i] < 0 || kernel[i] < 1 || size[i] < 1)
                    throw new UnsupportedOperatorException(
                        $"Kernel {kernel[i]}, stride {strides[i]} and padding {begin[i]}, {end[i]} are not possible together.",
                        "Check the layer's arguments.");
                int full = checked((strides[i] * (size[i] - 1)) + kernel[i] + extra[i]);
                if (wanted is not null || auto is AutoPadding.SameUpper or AutoPadding.SameLower)
                {
                    result[i] = wanted?[i] ?? checked(size[i] * strides[i]);
                    int total = Math.Max(0, full - result[i]);
                    begin[i] = auto == AutoPadding.SameUpper ? total / 2 : total - (total / 2);
                }
                else
                {
                    result[i] = full - begin[i] - end[i];
                }
                if (result[i] < 1)
                    throw new UnsupportedOperatorException("Nothing is left of the result.", "Use less padding.");
            }
            return new(strides, size, kernel, begin, result);
        }
    }
}
