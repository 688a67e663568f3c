using EthosU.Graphs;

namespace EthosU.Interpreter.Geometry;

/// <summary>
/// A window operator's sizes: input [N, H, W, C], output [N, Ho, Wo, Co], kernel, steps, and cells before the input's edge.
/// </summary>
internal readonly record struct WindowShape(
    int Batch, int Height, int Width, int Channels, int OutHeight, int OutWidth, int OutChannels, int KernelHeight, int KernelWidth,
    int StrideHeight, int StrideWidth, int DilationHeight, int DilationWidth, int Top, int Left)
{
    public static WindowShape Make(Tensor x, Tensor y, int kernelHeight, int kernelWidth, Padding padding, int strideHeight,
        int strideWidth, int dilationHeight = 1, int dilationWidth = 1)
    {
        if (x.Shape.Rank != 4 || y.Shape.Rank != 4 || x.Shape[0] != y.Shape[0])
            throw new KernelRefusedException($"Input {x.Shape} and result {y.Shape} do not suit each other.");
        if (kernelHeight < 1 || kernelWidth < 1 || strideHeight < 1 || strideWidth < 1 || dilationHeight < 1 || dilationWidth < 1)
            throw new KernelRefusedException("Kernel sizes, strides and dilations must be positive.");
        Check(WindowGeometry.OutputSize(padding, x.Shape[1], kernelHeight, strideHeight, dilationHeight), y.Shape[1]);
        Check(WindowGeometry.OutputSize(padding, x.Shape[2], kernelWidth, strideWidth, dilationWidth), y.Shape[2]);
        return new(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], y.Shape[1], y.Shape[2], y.Shape[3], kernelHeight, kernelWidth,
            strideHeight, strideWidth, dilationHeight, dilationWidth,
            WindowGeometry.PaddingSize(padding, x.Shape[1], y.Shape[1], kernelHeight, strideHeight, dilationHeight).Before,
            WindowGeometry.PaddingSize(padding, x.Shape[2], y.Shape[2], kernelWidth, strideWidth, dilationWidth).Before);

        void Check(int expected, int actual)
        {
            if (expected != actual)
                throw new KernelRefusedException(
                    $"Its result is {y.Shape}, but its windows over {x.Shape} give {expected} where that has {actual}.");
        }
    }

    /// <summary>The window's cells along one axis that are inside the input: first and one past the last kernel index.</summary>
    public static (int First, int End) Inside(int origin, int size, int kernel, int dilation)
    {
        int first = origin >= 0 ? 0 : (-origin + dilation - 1) / dilation;
        int end = size - origin <= 0 ? 0 : Math.Min(kernel, (size - origin + dilation - 1) / dilation);
        return (first, Math.Max(first, end));
    }
}
