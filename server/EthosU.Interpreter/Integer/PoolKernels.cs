using System.Numerics;
using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>AVERAGE_POOL_2D and MAX_POOL_2D of int8 and int16 (tflite-kernels 3.3). Cells outside the input do not count.</summary>
internal static class PoolKernels
{
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        var op = (Pool2D)facts.Operator;
        Tensor x = facts.Input(0), y = facts.Output;
        if (op.Kind == PoolKind.L2 || x.Type != y.Type)
            return null;
        if (x.Shape.Rank != 4 || x.Shape[3] != y.Shape[-1])
            throw new KernelRefusedException($"Input {x.Shape} and result {y.Shape} do not suit each other.");
        var window = WindowShape.Make(x, y, op.FilterHeight, op.FilterWidth, op.Padding, op.StrideHeight, op.StrideWidth);
        (int low, int high) = NodeFacts.ActivationRange(op.Activation, y);
        bool average = op.Kind == PoolKind.Average;
        int scratch = checked(x.Shape[3] * sizeof(int));
        return x.Type == ElementType.Int8
            ? new(frame => Run(window, average, frame.Input<sbyte>(0), low, high, frame.Scratch<int>(), frame.Output<sbyte>()), scratch)
            : new(frame => Run(window, average, frame.Input<short>(0), low, high, frame.Scratch<int>(), frame.Output<short>()), scratch);
    }

    private static void Run<T>(in WindowShape s, bool average, ReadOnlySpan<T> x, int low, int high, Span<int> scratch, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<int> cell = scratch[..s.Channels];
        int result = 0;
        for (int n = 0; n < s.Batch; n++)
            for (int oy = 0; oy < s.OutHeight; oy++)
                for (int ox = 0; ox < s.OutWidth; ox++)
                {
                    int top = (oy * s.StrideHeight) - s.Top, left = (ox * s.StrideWidth) - s.Left;
                    (int firstRow, int endRow) = WindowShape.Inside(top, s.Height, s.KernelHeight, 1);
                    (int firstColumn, int endColumn) = WindowShape.Inside(left, s.Width, s.KernelWidth, 1);
                    cell.Fill(average ? 0 : int.MinValue);
                    for (int ky = firstRow; ky < endRow; ky++)
                        for (int kx = firstColumn; kx < endColumn; kx++)
                        {
                            ReadOnlySpan<T> pixel =
                                x.Slice(((((n * s.Height) + top + ky) * s.Width) + left + kx) * s.Channels, cell.Length);
                            if (average)
                                for (int c = 0; c < pixel.Length; c++)
                                    cell[c] += int.CreateTruncating(pixel[c]);
                            else
                                for (int c = 0; c < pixel.Length; c++)
                                    cell[c] = Math.Max(cell[c], int.CreateTruncating(pixel[c]));
                        }
                    int count = (endRow - firstRow) * (endColumn - firstColumn);
                    for (int c = 0; c < cell.Length; c++)
                    {
                        int value = average ? Rounding.Mean(cell[c], count) : cell[c];
                        y[result++] = T.CreateTruncating(Math.Clamp(value, low, high));
                    }
                }
    }
}
