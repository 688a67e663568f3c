using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Kernel, strides, dilations and paddings of a window over [N, C, H, W], as attributes give them.</summary>
internal sealed record Window(int[] Kernel, int StrideHeight, int StrideWidth, int DilationHeight, int DilationWidth, int[] Begin,
    int[] End, int[] Output)
{
    /// <summary>Reads the attributes; of a 1-D window, whose height is 1, those of the width.</summary>
    public static Window Read(ImportContext c, int[] kernel, Shape image, bool lifted)
    {
        int spatial = lifted ? 1 : 2;
        int[] strides = Pair("strides", 1), dilations = Pair("dilations", 1);
        int[]? pads = c.Node.Ints("pads", 2 * spatial);
        int[] begin = pads is null ? [0, 0] : lifted ? [0, pads[0]] : [pads[0], pads[1]];
        int[] end = pads is null ? [0, 0] : lifted ? [0, pads[1]] : [pads[2], pads[3]];
        string auto = AutoPad(c);
        int[] output = new int[2];
        for (int i = 0; i < 2; i++)
        {
            int size = image[2 + i], reach = WindowGeometry.EffectiveSize(kernel[i], dilations[i]);
            if (strides[i] < 1 || dilations[i] < 1 || kernel[i] < 1 || begin[i] < 0 || end[i] < 0)
                throw ImportContext
                    .Unsupported($"Kernel {kernel[i]}, stride {strides[i]}, dilation {dilations[i]} and padding {begin[i]}, {end[i]} are "
                        + $"not possible together.", "Check the layer's arguments.");
            if (auto is "SAME_UPPER" or "SAME_LOWER")
            {
                output[i] = (size + strides[i] - 1) / strides[i];
                int total = Math.Max(0, ((output[i] - 1) * strides[i]) + reach - size);
                begin[i] = auto == "SAME_UPPER" ? total / 2 : total - (total / 2);
                end[i] = total - begin[i];
                continue;
            }
            if (auto == "VALID")
                (begin[i], end[i]) = (0, 0);
            int span = checked(size + begin[i] + end[i] - reach);
            if (span < 0)
                throw ImportContext
                    .Unsupported($"A window of {reach} does not fit an input of {size} with padding {begin[i]} and {end[i]}.",
                    "Feed a larger image or use a smaller kernel.");
            output[i] = (span / strides[i]) + 1;
            if (c.Node.Int("ceil_mode", 0) != 0 && span % strides[i] != 0 && output[i] * strides[i] < size + begin[i])
                output[i]++; // the last, partial window, unless it starts in the padding
        }
        return new(kernel, strides[0], strides[1], dilations[0], dilations[1], begin, end, output);

        int[] Pair(string name, int otherwise) => c.Node.Ints(name, spatial) is { } v ? (lifted ? [otherwise, v[0]] : [v[0], v[1]])
            : [otherwise, otherwise];
    }

    /// <summary>How the padding is chosen.</summary>
    public static string AutoPad(ImportContext c) => c.Node.Word("auto_pad", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID");

    /// <summary>Refuses a kernel_shape that is not that of the weights.</summary>
    public static void RequireKernel(ImportContext c, Tensor weights)
    {
        int[] kernel = [.. weights.Shape.Skip(2)];
        if (c.Node.Ints("kernel_shape", kernel.Length) is { } declared && !declared.AsSpan().SequenceEqual(kernel))
            throw ImportContext
                .Unsupported($"Its kernel_shape is [{string.Join(", ", declared)}], but that of its weights {weights.Shape} is "
                    + $"[{string.Join(", ", kernel)}].", "Check the exported model.");
    }

    /// <summary>Refuses a bias that has not one number for each channel of the result.</summary>
    public static void RequireBias(Tensor? bias, int channels)
    {
        if (bias is not null && (bias.Shape.Rank != 1 || bias.Shape[0] != channels))
            throw ImportContext
                .Unsupported($"Its bias {bias.Shape} does not suit its {channels} output channels.", "Check the exported model.");
    }

    /// <summary>True if TensorFlow Lite's SAME does the same (tflite-kernels 4.3).</summary>
    public bool IsSame(Shape nhwc) =>
        WindowGeometry.IsSame(nhwc[1], Output[0], Kernel[0], StrideHeight, DilationHeight, Begin[0])
        && WindowGeometry.IsSame(nhwc[2], Output[1], Kernel[1], StrideWidth, DilationWidth, Begin[1]);

    /// <summary>Padding behind the input that windows really reach along an axis (0: height, 1: width).</summary>
    public int Needed(Shape nhwc, int axis)
    {
        (int stride, int dilation) = axis == 0 ? (StrideHeight, DilationHeight) : (StrideWidth, DilationWidth);
        return Math.Max(0,
            ((Output[axis] - 1) * stride) + WindowGeometry.EffectiveSize(Kernel[axis], dilation) - nhwc[1 + axis] - Begin[axis]);
    }

    /// <summary>The image [N, H, W, C], padded by zeros where SAME does not do it, and the padding left to the operator.</summary>
    public (Tensor Image, Padding Padding) Pad(ImportContext c, Tensor x, float? value = null)
    {
        int bottom = Needed(x.Shape, 0), right = Needed(x.Shape, 1);
        if (Begin[0] == 0 && Begin[1] == 0 && bottom == 0 && right == 0)
            return (x, Padding.Valid);
        if (IsSame(x.Shape))
            return (x, Padding.Same);
        Tensor paddings = c.Constant(TensorData.From([4, 2], [0, 0, Begin[0], bottom, Begin[1], right, 0, 0]), "paddings");
        return (value is { } v ? c.Emit(new PadV2(), x, paddings, c.Scalar(v)) : c.Emit(new Pad(), x, paddings), Padding.Valid);
    }
}
