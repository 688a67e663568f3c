using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Windows over an image, all numbers known: [height, width].</summary>
/// <param name="Kernel">Sizes.</param>
/// <param name="Strides">Steps from one window to the next.</param>
/// <param name="Dilations">Distances of a window's cells.</param>
/// <param name="Begin">Padding before.</param>
/// <param name="End">Padding behind.</param>
/// <param name="Output">Numbers of windows.</param>
public sealed record Window(int[] Kernel, int[] Strides, int[] Dilations, int[] Begin, int[] End, int[] Output)
{
    /// <summary>The windows over an image.</summary>
    /// <param name="options">How they lie.</param>
    /// <param name="kernel">Their sizes.</param>
    /// <param name="image">The image [N, C, H, W].</param>
    /// <exception cref="UnsupportedOperatorException">There are none.</exception>
    public static Window Over(WindowOptions options, int[] kernel, Shape image)
    {
        int[] strides = WindowOptions.Pair(options.Strides, 1), dilations = WindowOptions.Pair(options.Dilations, 1);
        int[] begin = WindowOptions.Pair(options.Begin, 0), end = WindowOptions.Pair(options.End, 0), output = new int[2];
        for (int i = 0; i < 2; i++)
        {
            int size = image[2 + i], reach = WindowGeometry.EffectiveSize(kernel[i], dilations[i]);
            if (strides[i] < 1 || dilations[i] < 1 || kernel[i] < 1 || begin[i] < 0 || end[i] < 0)
                throw new UnsupportedOperatorException(
                    $"Kernel {kernel[i]}, stride {strides[i]}, dilation {dilations[i]} and padding {begin[i]}, {end[i]} are not possible "
                        + $"together.", "Check the layer's arguments.");
            if (options.Auto is AutoPadding.SameUpper or AutoPadding.SameLower)
            {
                output[i] = (size + strides[i] - 1) / strides[i];
                int total = Math.Max(0, ((output[i] - 1) * strides[i]) + reach - size);
                begin[i] = options.Auto == AutoPadding.SameUpper ? total / 2 : total - (total / 2);
                end[i] = total - begin[i];
                continue;
            }
            if (options.Auto == AutoPadding.Valid)
                (begin[i], end[i]) = (0, 0);
            int span = checked(size + begin[i] + end[i] - reach);
            if (span < 0)
                throw new UnsupportedOperatorException(
                    $"A window of {reach} does not fit an input of {size} with padding {begin[i]} and {end[i]}.",
                    "Feed a larger image or use a smaller kernel.");
            output[i] = (span / strides[i]) + 1;
            if (options.CeilMode && span % strides[i] != 0 && output[i] * strides[i] < size + begin[i])
                output[i]++;
        }
        return new(kernel, strides, dilations, begin, end, output);
    }

    /// <summary>True if the cells of a window do not touch.</summary>
    public bool IsDilated => Dilations[0] != 1 || Dilations[1] != 1;

    /// <summary>True if windows reach beyond the image.</summary>
    public bool Leaves(Shape nhwc) => Begin[0] + Begin[1] + Needed(nhwc, 0) + Needed(nhwc, 1) > 0;

    /// <summary>True if TensorFlow Lite's SAME does the same (tflite-kernels 4.3).</summary>
    public bool IsSame(Shape nhwc) =>
        WindowGeometry.IsSame(nhwc[1], Output[0], Kernel[0], Strides[0], Dilations[0], Begin[0])
        && WindowGeometry.IsSame(nhwc[2], Output[1], Kernel[1], Strides[1], Dilations[1], Begin[1]);

    /// <summary>Padding behind the image that windows really reach along an axis (0: height, 1: width).</summary>
    public int Needed(Shape nhwc, int axis) => Math.Max(0, ((Output[axis] - 1) * Strides[axis])
        + WindowGeometry.EffectiveSize(Kernel[axis], Dilations[axis]) - nhwc[1 + axis] - Begin[axis]);

    /// <summary>The image [N, H, W, C], padded where SAME does not do it, and the padding left to the operator.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image.</param>
    /// <param name="value">What it is padded with; null for 0.</param>
    public (Tensor Image, Padding Padding) Pad(GraphEmitter g, Tensor x, float? value = null) =>
        Begin[0] == 0 && Begin[1] == 0 && Needed(x.Shape, 0) == 0 && Needed(x.Shape, 1) == 0 ? (x, Padding.Valid)
        : IsSame(x.Shape) ? (x, Padding.Same)
        : (PadAll(g, x, value), Padding.Valid);

    /// <summary>The image [N, H, W, C] with everything that windows reach.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image.</param>
    /// <param name="value">What it is padded with; null for 0.</param>
    public Tensor PadAll(GraphEmitter g, Tensor x, float? value = null)
    {
        Tensor paddings = g.Constant(TensorData.From([4, 2],
            [0, 0, Begin[0], Needed(x.Shape, 0), Begin[1], Needed(x.Shape, 1), 0, 0]), "paddings");
        return value is { } v ? g.Emit(new PadV2(), x, paddings, g.Scalar(v)) : g.Emit(new Pad(), x, paddings);
    }
}
