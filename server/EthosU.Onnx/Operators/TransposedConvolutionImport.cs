using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>ConvTranspose (tflite-kernels 4.6, row 19).</summary>
internal static class TransposedConvolutionImport
{
    private const int MostSplitGroups = 4; // more become one dense kernel with zeros between the groups
    private const long LargestDenseKernel = 1 << 22;

    public static IEnumerable<(string, Action<ImportContext>)> Operators => [("ConvTranspose", Transposed)];

    private static void Transposed(ImportContext c)
    {
        Tensor x = c.Input(0), w = c.Input(1);
        int spatial = x.Shape.Rank - 2;
        if (spatial is < 1 or > 2 || w.Shape.Rank != x.Shape.Rank)
            throw ImportContext
                .Unsupported($"A transposed convolution over {spatial} axes cannot be expressed.",
                "Only ConvTranspose1d and ConvTranspose2d are possible.");
        Window.RequireKernel(c, w);
        if (spatial == 1)
            (x, w) = (ConvolutionImport.Lifted(c, x), ConvolutionImport.Lifted(c, w));
        int groups = c.Node.Int("group", 1);
        if (groups < 1 || x.Shape[1] % groups != 0 || w.Shape[0] != x.Shape[1])
            throw ImportContext
                .Unsupported($"Weights {w.Shape} with {groups} groups do not suit the input {x.Shape}.", "Check the exported model.");
        Window.RequireBias(c.TryInput(2), w.Shape[1] * groups);
        w = Dilated(c, w, Pair(c.Node.Ints("dilations", spatial), spatial, 1));
        Geometry geometry = Geometry.Read(c, spatial, [x.Shape[2], x.Shape[3]], [w.Shape[2], w.Shape[3]]);
        if (groups > MostSplitGroups && w.IsConstant && w.Shape.ElementCount * groups <= LargestDenseKernel)
            (w, groups) = (Dense(c, w, groups), 1);
        Tensor image = c.ChannelsLast(x), weights = c.Transpose(w, 1, 2, 3, 0); // [O / groups, H, W, I]
        Tensor? bias = c.TryInput(2);
        int depth = x.Shape[1] / groups, perGroup = w.Shape[1];
        Tensor y = c.Concat(3,
            [.. Enumerable.Range(0, groups)
                .Select(g => Part(c, c.SliceAxis(image, 3, g * depth, depth), c.SliceAxis(weights, 3, g * depth, depth),
            bias is null ? null : c.SliceAxis(bias, 0, g * perGroup, perGroup), geometry))]);
        y = c.ChannelsFirst(y);
        c.Output(0, spatial == 1 ? ConvolutionImport.Lowered(c, y) : y);
    }

    private static Tensor Part(ImportContext c, Tensor x, Tensor w, Tensor? bias, Geometry g)
    {
        int n = x.Shape[0], o = w.Shape[0];
        bool same = Enumerable.Range(0, 2).All(i => g.Result[i] == g.Size[i] * g.Strides[i]
            && g.Begin[i] == Math.Max(0, ((g.Size[i] - 1) * g.Strides[i]) + g.Kernel[i] - g.Result[i]) / 2);
        if (same)
            return c.Emit(new TransposeConv(Padding.Same, g.Strides[0], g.Strides[1]), c.Integers(n, g.Result[0], g.Result[1], o), w, x,
                bias);
        int[] full = [.. Enumerable.Range(0, 2)
            .Select(i => checked((g.Strides[i] * (g.Size[i] - 1)) + Math.Max(g.Kernel[i], g.Strides[i])))];
        int[] after = [.. Enumerable.Range(0, 2).Select(i => Math.Max(0, g.Begin[i] + g.Result[i] - full[i]))];
        bool beyond = after.Any(a => a > 0); // output_padding reaches further than the kernel: only the bias is there
        Tensor y = c.Emit(new TransposeConv(Padding.Valid, g.Strides[0], g.Strides[1]), c.Integers(n, full[0], full[1], o), w, x, beyond
            ? null : bias);
        if (beyond)
            y = c.Emit(new Pad(), y, c.Constant(TensorData.From([4, 2], [0, 0, 0, after[0], 0, after[1], 0, 0]), "paddings"));
        if (y.Shape[1] != g.Result[0] || y.Shape[2] != g.Result[1])
            y = c.Slice(y, [0, g.Begin[0], g.Begin[1], 0], [n, g.Result[0], g.Result[1], o]);
        return beyond && bias is not null ? c.Add(y, bias) : y;
    }

    /// <summary>A kernel with zeros between its elements.</summary>
    private static Tensor Dilated(ImportContext c, Tensor w, int[] dilations)
    {
        if (dilations is [1, 1])
            return w;
        if (dilations.Any(d => d < 1))
            throw ImportContext.Unsupported("A dilation below 1 is not possible.", "Check the layer's arguments.");
        float[] values = c.Constant(w, "kernel of the dilated transposed convolution").ToFloatArray();
        Shape shape = [w.Shape[0], w.Shape[1], checked(((w.Shape[2] - 1) * dilations[0]) + 1),
            checked(((w.Shape[3] - 1) * dilations[1]) + 1)];
        float[] stuffed = new float[c.Listed(shape.ElementCount)];
        for (int i = 0; i < values.Length; i++)
        {
            int column = i % w.Shape[3], row = i / w.Shape[3] % w.Shape[2], map = i / w.Shape[3] / w.Shape[2];
            stuffed[(((map * shape[2]) + (row * dilations[0])) * shape[3]) + (column * dilations[1])] = values[i];
        }
        return c.Constant(TensorData.From<float>(shape, stuffed), "dilated");
    }

    /// <summary>Grouped weights [I, O / groups, H, W] as those of one group, [I, O, H, W].</summary>
    private static Tensor Dense(ImportContext c, Tensor w, int groups)
    {
        int perGroup = w.Shape[1], area = w.Shape[2] * w.Shape[3], depth = w.Shape[0] / groups;
        float[] values = w.Data!.ToFloatArray(), dense = new float[c.Listed((long)values.Length * groups)];
        for (int input = 0; input < w.Shape[0]; input++)
            values.AsSpan(input * perGroup * area, perGroup * area)
                .CopyTo(dense.AsSpan(((input * groups) + (input / depth)) * perGroup * area));
        return c.Constant(TensorData.From<float>([w.Shape[0], perGroup * groups, w.Shape[2], w.Shape[3]], dense), "dense");
    }

    private static int[] Pair(int[]? values, int spatial, int otherwise) =>
        values is null ? [otherwise, otherwise] : spatial == 1 ? [otherwise, values[0]] : [values[0], values[1]];

    /// <summary>Sizes along height and width: of the input, the kernel, the result, and what is cut off before.</summary>
    private sealed record Geometry(int[] Strides, int[] Size, int[] Kernel, int[] Begin, int[] Result)
    {
        public static Geometry Read(ImportContext c, int spatial, int[] size, int[] kernel)
        {
            int[] strides = Pair(c.Node.Ints("strides", spatial), spatial, 1),
                extra = Pair(c.Node.Ints("output_padding", spatial), spatial, 0);
            int[] begin = [0, 0], end = [0, 0], result = new int[2];
            if (c.Node.Ints("pads", 2 * spatial) is { } pads)
                (begin, end) = spatial == 1 ? (new[] { 0, pads[0] }, new[] { 0, pads[1] })
                    : (new[] { pads[0], pads[1] }, new[] { pads[2], pads[3] });
            int[]? wanted = (c.Node.Ints("output_shape") is { } whole && whole.Length == spatial + 2 ? whole[2..]
                : c.Node.Ints("output_shape", spatial)) is { } given ? Pair(given, spatial, 1) : null;
            string auto = Window.AutoPad(c);
            for (int i = 0; i < 2; i++)
            {
                if (strides[i] < 1 || extra[i] < 0 || begin[i] < 0 || end[i] < 0 || kernel[i] < 1 || size[i] < 1)
                    throw ImportContext
                        .Unsupported($"Kernel {kernel[i]}, stride {strides[i]} and padding {begin[i]}, {end[i]} are not possible together.",
                        "Check the layer's arguments.");
                int full = checked((strides[i] * (size[i] - 1)) + kernel[i] + extra[i]);
                if (wanted is not null || auto is "SAME_UPPER" or "SAME_LOWER")
                {
                    result[i] = wanted?[i] ?? checked(size[i] * strides[i]);
                    int total = Math.Max(0, full - result[i]);
                    begin[i] = auto == "SAME_UPPER" ? total / 2 : total - (total / 2);
                }
                else
                {
                    result[i] = full - begin[i] - end[i];
                }
                if (result[i] < 1)
                    throw ImportContext.Unsupported("Nothing is left of the result.", "Use less padding.");
            }
            return new(strides, size, kernel, begin, result);
        }
    }
}
