using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Conv and ConvTranspose (tflite-kernels, sections 4.2 and 4.3).</summary>
internal static class ConvolutionImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
        [("Conv", Convolution), ("FusedConv", FusedConvolution), ("ConvTranspose", Transposed)];

    private static void FusedConvolution(ImportContext c)
    {
        string activation = c.Node.Text("activation", "");
        if (activation is not ("" or "Relu"))
            throw ImportContext.Unsupported($"The fused activation {activation} is not known.", "Give the model as PyTorch exported it, not as ONNX Runtime optimized it.");
        Convolution(c);
        if (activation == "Relu")
            c.Output(0, c.Unary(UnaryKind.Relu, c.Lookup(c.Node.Proto.Output[0])!));
    }

    private static void Convolution(ImportContext c)
    {
        Tensor x = c.Input(0), w = c.Input(1);
        int rank = x.Shape.Rank, spatial = rank - 2;
        if (spatial is < 1 or > 2 || w.Shape.Rank != rank)
            throw ImportContext.Unsupported($"A convolution over {spatial} axes cannot be expressed.", "Only Conv1d and Conv2d are possible on microcontrollers; use them instead of Conv3d.");
        int groups = c.Node.Int("group", 1);
        if (groups < 1 || w.Shape[0] % groups != 0 || x.Shape[1] != w.Shape[1] * groups)
            throw ImportContext.Unsupported($"Weights {w.Shape} with {groups} groups do not suit the input {x.Shape}.", "Check the exported model.");
        if (spatial == 1)
        {
            x = c.Reshape(x, [x.Shape[0], x.Shape[1], 1, x.Shape[2]]);
            w = c.Reshape(w, [w.Shape[0], w.Shape[1], 1, w.Shape[2]]);
        }
        Window window = Window.Read(c, [w.Shape[2], w.Shape[3]], x.Shape, spatial == 1);
        (Tensor image, Padding padding) = window.Pad(c, c.ChannelsLast(x));
        Tensor? bias = c.TryInput(2) ?? c.Constant(TensorData.From<float>([w.Shape[0]], new float[w.Shape[0]]), "bias");
        bool depthwise = groups == x.Shape[1] && groups > 1;
        Tensor y = depthwise
            ? c.Emit(new DepthwiseConv2D(padding, window.StrideHeight, window.StrideWidth, window.DilationHeight, window.DilationWidth, w.Shape[0] / groups),
                image, c.Transpose(w, 1, 2, 3, 0), bias)
            : c.Emit(new Conv2D(padding, window.StrideHeight, window.StrideWidth, window.DilationHeight, window.DilationWidth),
                image, c.Transpose(w, 0, 2, 3, 1), bias);
        y = c.ChannelsFirst(y);
        c.Output(0, spatial == 1 ? c.Reshape(y, [y.Shape[0], y.Shape[1], y.Shape[3]]) : y);
    }

    private static void Transposed(ImportContext c)
    {
        Tensor x = c.Input(0), w = c.Input(1);
        int spatial = x.Shape.Rank - 2;
        if (spatial is < 1 or > 2)
            throw ImportContext.Unsupported($"A transposed convolution over {spatial} axes cannot be expressed.", "Only ConvTranspose1d and ConvTranspose2d are possible.");
        if (c.Node.Ints("dilations") is { } dilations && dilations.Any(d => d != 1))
            throw ImportContext.Unsupported("A dilated transposed convolution cannot be expressed.", "Use dilation=1, or an upsampling and a dilated convolution.");
        if (spatial == 1)
        {
            x = c.Reshape(x, [x.Shape[0], x.Shape[1], 1, x.Shape[2]]);
            w = c.Reshape(w, [w.Shape[0], w.Shape[1], 1, w.Shape[2]]);
        }
        int groups = c.Node.Int("group", 1), perGroup = w.Shape[1];
        if (groups < 1 || x.Shape[1] % groups != 0 || w.Shape[0] != x.Shape[1])
            throw ImportContext.Unsupported($"Weights {w.Shape} with {groups} groups do not suit the input {x.Shape}.", "Check the exported model.");
        int[] strides = Lift(c.Node.Ints("strides"), spatial, 1), extra = Lift(c.Node.Ints("output_padding"), spatial, 0), pads = LiftPads(c.Node.Ints("pads"), spatial);
        int[] size = [x.Shape[2], x.Shape[3]], kernel = [w.Shape[2], w.Shape[3]], result = new int[2];
        int[]? wanted = c.Node.Ints("output_shape") is { } given ? Lift(given[^spatial..], spatial, 1) : null;
        string auto = c.Node.Text("auto_pad", "NOTSET");
        for (int i = 0; i < 2; i++)
        {
            int full = checked((strides[i] * (size[i] - 1)) + kernel[i] + extra[i]);
            if (wanted is not null || auto is "SAME_UPPER" or "SAME_LOWER")
            {
                result[i] = wanted?[i] ?? checked(size[i] * strides[i]);
                int total = Math.Max(0, full - result[i]);
                pads[i] = auto == "SAME_UPPER" ? total / 2 : total - (total / 2);
                pads[i + 2] = total - pads[i];
            }
            else
            {
                result[i] = full - pads[i] - pads[i + 2];
            }
        }
        Tensor image = c.ChannelsLast(x), weights = c.Transpose(w, 1, 2, 3, 0); // [O/groups, H, W, I]
        Tensor? bias = c.TryInput(2);
        List<Tensor> parts = [];
        int depth = x.Shape[1] / groups;
        for (int g = 0; g < groups; g++)
        {
            Tensor part = groups == 1 ? image : c.Emit(new Slice(), image, c.Integers(0, 0, 0, g * depth), c.Integers(x.Shape[0], size[0], size[1], depth));
            Tensor filter = groups == 1 ? weights : c.Emit(new Slice(), weights, c.Integers(0, 0, 0, g * depth), c.Integers(perGroup, kernel[0], kernel[1], depth));
            Tensor? offset = bias is null || groups == 1 ? bias : c.Emit(new Slice(), bias, c.Integers(g * perGroup), c.Integers(perGroup));
            parts.Add(TransposedPart(c, part, filter, offset, strides, kernel, size, pads, result));
        }
        Tensor y = c.ChannelsFirst(groups == 1 ? parts[0] : c.Emit(new Concatenation(3), [.. parts]));
        c.Output(0, spatial == 1 ? c.Reshape(y, [y.Shape[0], y.Shape[1], y.Shape[3]]) : y);
    }

    private static Tensor TransposedPart(ImportContext c, Tensor x, Tensor w, Tensor? bias, int[] strides, int[] kernel, int[] size, int[] pads, int[] result)
    {
        int n = x.Shape[0], o = w.Shape[0];
        bool same = Enumerable.Range(0, 2).All(i => result[i] == size[i] * strides[i]
            && pads[i] == Math.Max(0, ((size[i] - 1) * strides[i]) + kernel[i] - result[i]) / 2);
        if (same)
            return c.Emit(new TransposeConv(Padding.Same, strides[0], strides[1]), c.Integers(n, result[0], result[1], o), w, x, bias);
        int[] full = [.. Enumerable.Range(0, 2).Select(i => checked((strides[i] * (size[i] - 1)) + Math.Max(kernel[i], strides[i])))];
        Tensor y = c.Emit(new TransposeConv(Padding.Valid, strides[0], strides[1]), c.Integers(n, full[0], full[1], o), w, x, bias);
        int[] after = [.. Enumerable.Range(0, 2).Select(i => Math.Max(0, pads[i] + result[i] - full[i]))];
        if (after.Any(a => a > 0))
        {
            if (bias is not null)
                throw ImportContext.Unsupported("Its output_padding reaches beyond the kernel while it has a bias.", "Use a kernel at least as large as stride + output_padding.");
            y = c.Emit(new Pad(), y, c.Constant(TensorData.From([4, 2], [0, 0, 0, after[0], 0, after[1], 0, 0])));
        }
        return c.Emit(new Slice(), y, c.Integers(0, pads[0], pads[1], 0), c.Integers(n, result[0], result[1], o));
    }

    private static int[] Lift(int[]? values, int spatial, int otherwise) => values is null ? [otherwise, otherwise] : spatial == 1 ? [otherwise == 0 ? 0 : 1, values[0]] : [.. values];

    private static int[] LiftPads(int[]? pads, int spatial) => pads is null ? [0, 0, 0, 0] : spatial == 1 ? [0, pads[0], 0, pads[1]] : [.. pads];
}
