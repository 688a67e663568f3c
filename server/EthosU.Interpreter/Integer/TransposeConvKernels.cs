using System.Numerics;
using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>TRANSPOSE_CONV of int8 and int16 activations (tflite-kernels 3.2).</summary>
internal static class TransposeConvKernels
{
    public static PreparedKernel Prepare(NodeFacts facts)
    {
        var op = (TransposeConv)facts.Operator;
        Tensor x = facts.Input(2), filter = facts.Input(1), y = facts.Output;
        Shape w = filter.Shape;
        if (w.Rank != 4 || x.Shape.Rank != 4 || y.Shape.Rank != 4 || w[3] != x.Shape[3] || w[0] != y.Shape[3] || x.Shape[0] != y.Shape[0])
            throw new KernelRefusedException($"Filter {w} does not suit input {x.Shape} and result {y.Shape}.");
        var window = WindowShape
            .Make(new("y", x.Type, y.Shape), new("x", x.Type, x.Shape), w[1], w[2], op.Padding, op.StrideHeight, op.StrideWidth);
        var scaling = ChannelScalings.Make(facts, x, filter, facts.TryInput(3), w[0], op.QuantizedBiasType == ElementType.Int32);
        int zero = NodeFacts.ZeroPoint(x), scratch = checked((int)(y.Shape.ElementCount * sizeof(long)));
        sbyte[]? weights = Weights.TryRead(filter);
        if (weights is not null && x.Type == ElementType.Int8 && facts.Options.Path != KernelPath.Plain && FitsInt(weights, scaling))
        {
            int[] taps = Arrange(weights, w), bias = Array.ConvertAll(scaling.Bias, value => (int)value);
            return new(frame =>
                Vectors(window, frame.Input<sbyte>(2), zero, taps, bias, scaling, frame.Scratch<int>(), frame.Output<sbyte>()), scratch);
        }
        return x.Type == ElementType.Int8
            ? new(frame => Plain(window, frame.Input<sbyte>(2), zero, weights ?? frame.Input<sbyte>(1), scaling, frame.Scratch<long>(),
            frame.Output<sbyte>()), scratch)
            : new(frame => Plain(window, frame.Input<short>(2), zero, weights ?? frame.Input<sbyte>(1), scaling, frame.Scratch<long>(),
            frame.Output<short>()), scratch);
    }

    /// <summary>True if no sum can leave 32 bits.</summary>
    private static bool FitsInt(sbyte[] weights, ChannelScaling scaling)
    {
        int channels = scaling.Bias.Length, perChannel = weights.Length / Math.Max(channels, 1);
        for (int channel = 0; channel < channels; channel++)
        {
            long largest = Math.Abs(scaling.Bias[channel]);
            foreach (sbyte weight in weights.AsSpan(channel * perChannel, perChannel))
                largest += byte.MaxValue * Math.Abs((long)weight);
            if (largest > int.MaxValue)
                return false;
        }
        return true;
    }

    /// <summary>Weights [O, H, W, I] as [H, W, I, O].</summary>
    private static int[] Arrange(sbyte[] weights, Shape shape)
    {
        int units = shape[0], perUnit = weights.Length / Math.Max(units, 1);
        var result = new int[weights.Length];
        for (int unit = 0; unit < units; unit++)
            for (int i = 0; i < perUnit; i++)
                result[(i * units) + unit] = weights[(unit * perUnit) + i];
        return result;
    }

    private static void Vectors(in WindowShape s, ReadOnlySpan<sbyte> x, int zero, int[] taps, int[] bias, ChannelScaling scaling,
        Span<int> sums, Span<sbyte> y)
    {
        sums = sums[..y.Length];
        int channels = s.Channels, depth = s.OutChannels;
        for (int i = 0; i < sums.Length; i += channels)
            bias.CopyTo(sums[i..]);
        for (int n = 0, at = 0; n < s.Batch; n++)
            for (int iy = 0; iy < s.OutHeight; iy++)
                for (int ix = 0; ix < s.OutWidth; ix++, at += depth)
                {
                    int top = (iy * s.StrideHeight) - s.Top, left = (ix * s.StrideWidth) - s.Left;
                    (int firstRow, int endRow) = WindowShape.Inside(top, s.Height, s.KernelHeight, 1);
                    (int firstColumn, int endColumn) = WindowShape.Inside(left, s.Width, s.KernelWidth, 1);
                    for (int ky = firstRow; ky < endRow; ky++)
                        for (int kx = firstColumn; kx < endColumn; kx++)
                            IntegerProducts.Add(x.Slice(at, depth), zero, taps.AsSpan(((ky * s.KernelWidth) + kx) * depth * channels),
                                sums.Slice(((((n * s.Height) + top + ky) * s.Width) + left + kx) * channels, channels));
                }
        for (int i = 0; i < y.Length; i += channels)
            for (int channel = 0; channel < channels; channel++)
                y[i + channel] = (sbyte)scaling.Apply(sums[i + channel], channel);
    }

    /// <summary>Each input cell adds its kernel to the sums. The window runs over the result: its "input" is y, its "output" x.</summary>
    private static void Plain<T>(in WindowShape s, ReadOnlySpan<T> x, int zero, ReadOnlySpan<sbyte> weights, ChannelScaling scaling,
        Span<long> sums, Span<T> y)
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
                                ReadOnlySpan<sbyte> taps =
                                    weights.Slice(((((co * s.KernelHeight) + ky) * s.KernelWidth) + kx) * depth, depth);
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
