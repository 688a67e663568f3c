namespace EthosU.Graphs;

/// <summary>Sizes and paddings of sliding windows (tflite-format 6.2).</summary>
public static class WindowGeometry
{
    /// <summary>Input cells that a dilated filter spans.</summary>
    public static int EffectiveSize(int filter, int dilation) => checked(((filter - 1) * dilation) + 1);

    /// <summary>Number of outputs along one axis; 0 or less if no window fits.</summary>
    public static int OutputSize(Padding padding, int input, int filter, int stride, int dilation) => padding == Padding.Same
        ? (input + stride - 1) / stride
        : (input + stride - EffectiveSize(filter, dilation)) / stride;

    /// <summary>Cells before and after the input that windows reach along one axis; (0, 0) for <see cref="Padding.Valid"/>.</summary>
    public static (int Before, int After) PaddingSize(Padding padding, int input, int output, int filter, int stride, int dilation)
    {
        if (padding == Padding.Valid)
            return (0, 0);
        int total = Math.Max(0, ((output - 1) * stride) + EffectiveSize(filter, dilation) - input);
        return (total / 2, total - (total / 2));
    }

    /// <summary>
    /// True if padding of <paramref name="before"/> cells, with as many behind as windows reach, is what
    /// <see cref="Padding.Same"/> does (tflite-kernels 4.3).
    /// </summary>
    public static bool IsSame(int input, int output, int filter, int stride, int dilation, int before) =>
        output == OutputSize(Padding.Same, input, filter, stride, dilation)
        && before == PaddingSize(Padding.Same, input, output, filter, stride, dilation).Before;
}
