using System.Numerics;
using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>TRANSPOSE_CONV of int8 and int16 activations (tflite-kernels, section 3.2).</summary>
internal static class TransposeConvKernels
{
    public static PreparedKernel Prepare(NodeFacts facts)
    {
        var op = (TransposeConv)facts.Operator;
        Tensor x = facts.Input(2), filter = facts.Input(1), y = facts.Output;
        Shape w = filter.Shape;
        if (w.Rank != 4 || x.Shape.Rank != 4 || y.Shape.Rank != 4 || w[3] != x.Shape[3] || w[0] != y.Shape[3] || x.Shape[0] != y.Shape[0])
            throw new KernelRefusedException($"Filter {w} does not suit input {x.Shape} and result {y.Shape}.");
        var window = WindowShape.Make(new("y", x.Type, y.Shape), new("x", x.Type, x.Shape), w[1], w[2], op.Padding, op.StrideHeight, op.StrideWidth);
        var scaling = ChannelScaling.Make(facts, x, filter, facts.TryInput(3), w[0], productInSingle: false, op.QuantizedBiasType == ElementType.Int32);
        int zero = NodeFacts.ZeroPoint(x), scratch = checked((int)(y.Shape.ElementCount * sizeof(long)));
        sbyte[]? weights = Weights.TryRead(filter);
        return x.Type == ElementType.Int8
            ? new(frame => Plain(window, frame.Input<sbyte>(2), zero, weights ?? frame.Input<sbyte>(1), scaling, frame.Scratch<long>(), frame.Output<sbyte>()), scratch)
            : new(frame => Plain(window, frame.Input<short>(2), zero, weights ?? frame.Input<sbyte>(1), scaling, frame.Scratch<long>(), frame.Output<short>()), scratch);
    }

    /// <summary>Each input cell adds its kernel to the sums. The window runs over the result: its "input" is y, its "output" x.</summary>
    private static void Plain<T>(in WindowShape s, ReadOnlySpan<T> x, int zero, ReadOnlySpan<sbyte> weights, ChannelScaling scaling, Span<long> sums, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>
    {
        sums = sums[..y.Length];
        int channels = s.Channels, depth = s.OutChannels;
        for (int i = 0; i < sums.Length; i += channels)
            scaling.Bias.CopyTo(sums[i..]);
        for (int n = 0; n < s.Batch; n++)
            for (int iy = 0; iy < s.OutHeight; iy++)
                for (int ix = 0; ix < s.OutWidth; ix++)
                {
                    int top = (iy * s.StrideHeight) - s.Top, left = (ix * s.StrideWidth) - s.Left;
                    ReadOnlySpan<T> pixel = x.Slice(((((n * s.OutHeight) + iy) * s.OutWidth) + ix) * depth, depth);
                    (int firstRow, int endRow) = WindowShape.Inside(top, s.Height, s.KernelHeight, 1);
                    (int firstColumn, int endColumn) = WindowShape.Inside(left, s.Width, s.KernelWidth, 1);
                    for (int ky = firstRow; ky < endRow; ky++)
                        for (int kx = firstColumn; kx < endColumn; kx++)
                        {
                            Span<long> cell = sums.Slice(((((n * s.Height) + top + ky) * s.Width) + left + kx) * channels, channels);
                            for (int co = 0; co < channels; co++)
                            {
                                ReadOnlySpan<sbyte> taps = weights.Slice(((((co * s.KernelHeight) + ky) * s.KernelWidth) + kx) * depth, depth);
                                long sum = 0;
                                for (int c = 0; c < depth; c++)
                                    sum += taps[c] * (int.CreateTruncating(pixel[c]) - zero);
                                cell[co] += sum;
                            }
                        }
                }
        for (int i = 0; i < y.Length; i++)
            y[i] = T.CreateTruncating(scaling.Apply(sums[i], i % channels));
    }
}
