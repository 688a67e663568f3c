using EthosU.Graphs;

namespace EthosU.Npu.Indices;

/// <summary>An axis of a transposed convolution: each element of the input adds the kernel to the result, a stride apart.</summary>
/// <param name="Input">Elements of the input.</param>
/// <param name="Output">Elements of the result.</param>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">From element to element.</param>
/// <param name="Crop">Results that are cut off in front.</param>
internal readonly record struct TransposedAxis(int Input, int Output, int Kernel, int Stride, int Crop)
{
    /// <summary>Rows (axis 1) or columns (axis 2) of a node.</summary>
    public static TransposedAxis Of(Node node, TransposeConv op, int axis)
    {
        int input = node.Input(2).Shape[axis], output = node.Output.Shape[axis], kernel = node.Input(1).Shape[axis];
        int stride = axis == 1 ? op.StrideHeight : op.StrideWidth;
        return new(input, output, kernel, stride, WindowGeometry.PaddingSize(op.Padding, output, input, kernel, stride, 1).Before);
    }

    /// <summary>True if the result is the one that the hardware's own doubling gives (npu-operators 2.5).</summary>
    public bool IsWhole(Padding padding) =>
        Output == ((long)Input * Stride) + (padding == Padding.Same ? 0 : Math.Max(Kernel - Stride, 0));

    /// <summary>The most taps that one element of the result has.</summary>
    public int MostTaps => (Kernel + Stride - 1) / Stride;

    /// <summary>The results that are a stride apart, from the first one of a phase on; null if there are none.</summary>
    public TransposedPhase? Phase(int phase)
    {
        // The result at o belongs to place q = o + crop: taps q mod s, + s, + 2 s ... of the elements q div s, - 1, - 2 ...
        int skipped = Math.Max(0, (Crop - phase + Stride - 1) / Stride), first = phase + (skipped * Stride) - Crop;
        return first >= Output ? null : new(phase, first, ((Output - first - 1) / Stride) + 1, skipped,
            Math.Max(0, (Kernel - phase + Stride - 1) / Stride));
    }
}
