using System.Numerics.Tensors;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;
using Tensor = EthosU.Graphs.Tensor;

namespace EthosU.Interpreter.Float;

/// <summary>Real convolutions, pools and bilinear resizing over [N, H, W, C].</summary>
internal static class WindowKernels
{
    public static PreparedKernel Dense(NodeFacts facts)
    {
        var op = (Conv2D)facts.Operator;
        Tensor x = facts.Input(0), filter = facts.Input(1);
        Shape w = filter.Shape;
        if (w.Rank != 4 || x.Shape.Rank != 4 || w[3] < 1 || x.Shape[3] % w[3] != 0 || w[0] != facts.Output.Shape[-1]
            || w[0] % (x.Shape[3] / w[3]) != 0)
            throw new KernelRefusedException($"Filter {w} does not suit input {x.Shape} and result {facts.Output.Shape}.");
        var s = WindowShape
            .Make(x, facts.Output, w[1], w[2], op.Padding, op.StrideHeight, op.StrideWidth, op.DilationHeight, op.DilationWidth);
        int depth = w[3], groups = x.Shape[3] / depth, perGroup = w[0] / groups, taps = w[1] * w[2] * depth;
        Taps weights = new(filter, groups, perGroup, taps);
        return new(frame =>
        {
            ReadOnlySpan<float> from = frame.Input<float>(0), bias = frame.Input<float>(2), all = weights.Of(frame, 1);
            Span<float> to = frame.Output<float>();
            for (int i = 0; i < to.Length; i += s.OutChannels)
                Start(to.Slice(i, s.OutChannels), bias);
            for (int n = 0; n < s.Batch; n++)
                for (int oy = 0; oy < s.OutHeight; oy++)
                    for (int ox = 0, end; ox < s.OutWidth; ox = end)
                    {
                        int at = ((((n * s.OutHeight) + oy) * s.OutWidth) + ox) * s.OutChannels;
                        int top = (oy * s.StrideHeight) - s.Top, left = (ox * s.StrideWidth) - s.Left;
                        (int firstRow, int endRow) = WindowShape.Inside(top, s.Height, s.KernelHeight, s.DilationHeight);
                        (int firstColumn, int endColumn) = WindowShape.Inside(left, s.Width, s.KernelWidth, s.DilationWidth);
                        for (end = ox + 1; end < s.OutWidth
                            && WindowShape.Inside((end * s.StrideWidth) - s.Left, s.Width, s.KernelWidth, s.DilationWidth) == (firstColumn,
                            endColumn);)
                            end++; // these meet the same taps
                        for (int ky = firstRow; ky < endRow; ky++)
                            for (int kx = firstColumn; kx < endColumn; kx++)
                            {
                                int pixel = (((((n * s.Height) + top + (ky * s.DilationHeight)) * s.Width) + left + (kx * s.DilationWidth))
                                    * s.Channels), tap = ((ky * s.KernelWidth) + kx) * depth;
                                for (int group = 0; group < groups; group++)
                                    Products.Add(from[(pixel + (group * depth))..], s.StrideWidth * s.Channels, depth,
                                        all[(((group * taps) + tap) * perGroup)..],
                                        to[(at + (group * perGroup))..], s.OutChannels, perGroup, end - ox);
                            }
                    }
            Finish(to, op.Activation);
        }, weights.ScratchBytes);
    }

    public static PreparedKernel Depthwise(NodeFacts facts)
    {
        var op = (DepthwiseConv2D)facts.Operator;
        Tensor x = facts.Input(0);
        Shape w = facts.Input(1).Shape;
        if (w.Rank != 4 || x.Shape.Rank != 4 || op.DepthMultiplier < 1 || w[3] != facts.Output.Shape[-1]
            || w[3] != x.Shape[3] * op.DepthMultiplier)
            throw new KernelRefusedException($"Filter {w} does not suit input {x.Shape} and result {facts.Output.Shape}.");
        var s = WindowShape
            .Make(x, facts.Output, w[1], w[2], op.Padding, op.StrideHeight, op.StrideWidth, op.DilationHeight, op.DilationWidth);
        return new(frame =>
        {
            ReadOnlySpan<float> from = frame.Input<float>(0), weights = frame.Input<float>(1), bias = frame.Input<float>(2);
            Span<float> to = frame.Output<float>();
            for (int n = 0, at = 0; n < s.Batch; n++)
                for (int oy = 0; oy < s.OutHeight; oy++)
                    for (int ox = 0; ox < s.OutWidth; ox++, at += s.OutChannels)
                    {
                        Span<float> cell = to.Slice(at, s.OutChannels);
                        Start(cell, bias);
                        int top = (oy * s.StrideHeight) - s.Top, left = (ox * s.StrideWidth) - s.Left;
                        (int firstRow, int endRow) = WindowShape.Inside(top, s.Height, s.KernelHeight, s.DilationHeight);
                        (int firstColumn, int endColumn) = WindowShape.Inside(left, s.Width, s.KernelWidth, s.DilationWidth);
                        for (int ky = firstRow; ky < endRow; ky++)
                            for (int kx = firstColumn; kx < endColumn; kx++)
                            {
                                ReadOnlySpan<float> pixel =
                                    from.Slice(((((n * s.Height) + top + (ky * s.DilationHeight)) * s.Width) + left
                                    + (kx * s.DilationWidth)) * s.Channels, s.Channels);
                                ReadOnlySpan<float> taps = weights.Slice(((ky * s.KernelWidth) + kx) * s.OutChannels, s.OutChannels);
                                if (op.DepthMultiplier == 1)
                                    TensorPrimitives.MultiplyAdd(pixel, taps, cell, cell);
                                else
                                    for (int o = 0; o < cell.Length; o++)
                                        cell[o] += pixel[o / op.DepthMultiplier] * taps[o];
                            }
                    }
            Finish(to, op.Activation);
        });
    }

    /// <summary>The window runs over the result: its "input" is y, its "output" x.</summary>
    public static PreparedKernel Transposed(NodeFacts facts)
    {
        var op = (TransposeConv)facts.Operator;
        Tensor x = facts.Input(2), filter = facts.Input(1), y = facts.Output;
        Shape w = filter.Shape;
        if (w.Rank != 4 || x.Shape.Rank != 4 || y.Shape.Rank != 4 || w[3] != x.Shape[3] || w[0] != y.Shape[3] || x.Shape[0] != y.Shape[0])
            throw new KernelRefusedException($"Filter {w} does not suit input {x.Shape} and result {y.Shape}.");
        var s = WindowShape
            .Make(new("y", x.Type, y.Shape), new("x", x.Type, x.Shape), w[1], w[2], op.Padding, op.StrideHeight, op.StrideWidth);
        int depth = w[3];
        Taps weights = new(filter, 1, w[0], w[1] * w[2] * depth);
        return new(frame =>
        {
            ReadOnlySpan<float> from = frame.Input<float>(2), bias = frame.Input<float>(3), all = weights.Of(frame, 1);
            Span<float> to = frame.Output<float>();
            for (int i = 0; i < to.Length; i += s.Channels)
                Start(to.Slice(i, s.Channels), bias);
            for (int n = 0, at = 0; n < s.Batch; n++)
                for (int iy = 0; iy < s.OutHeight; iy++)
                    for (int ix = 0; ix < s.OutWidth; ix++, at += depth)
                    {
                        ReadOnlySpan<float> pixel = from.Slice(at, depth);
                        int top = (iy * s.StrideHeight) - s.Top, left = (ix * s.StrideWidth) - s.Left;
                        (int firstRow, int endRow) = WindowShape.Inside(top, s.Height, s.KernelHeight, 1);
                        (int firstColumn, int endColumn) = WindowShape.Inside(left, s.Width, s.KernelWidth, 1);
                        for (int ky = firstRow; ky < endRow; ky++)
                            for (int kx = firstColumn; kx < endColumn; kx++)
                                Products.Add(pixel, all[(((ky * s.KernelWidth) + kx) * depth * s.Channels)..],
                                    to.Slice(((((n * s.Height) + top + ky) * s.Width) + left + kx) * s.Channels, s.Channels));
                    }
            Finish(to, op.Activation);
        }, weights.ScratchBytes);
    }

    public static PreparedKernel Pool(NodeFacts facts)
    {
        var op = (Pool2D)facts.Operator;
        Tensor x = facts.Input(0);
        if (x.Shape.Rank != 4 || x.Shape[3] != facts.Output.Shape[-1])
            throw new KernelRefusedException($"Input {x.Shape} and result {facts.Output.Shape} do not suit each other.");
        var s = WindowShape.Make(x, facts.Output, op.FilterHeight, op.FilterWidth, op.Padding, op.StrideHeight, op.StrideWidth);
        return new(frame =>
        {
            ReadOnlySpan<float> from = frame.Input<float>(0);
            Span<float> to = frame.Output<float>();
            for (int n = 0, at = 0; n < s.Batch; n++)
                for (int oy = 0; oy < s.OutHeight; oy++)
                    for (int ox = 0; ox < s.OutWidth; ox++, at += s.Channels)
                    {
                        Span<float> cell = to.Slice(at, s.Channels);
                        cell.Fill(op.Kind == PoolKind.Max ? float.NegativeInfinity : 0);
                        int top = (oy * s.StrideHeight) - s.Top, left = (ox * s.StrideWidth) - s.Left;
                        (int firstRow, int endRow) = WindowShape.Inside(top, s.Height, s.KernelHeight, 1);
                        (int firstColumn, int endColumn) = WindowShape.Inside(left, s.Width, s.KernelWidth, 1);
                        for (int ky = firstRow; ky < endRow; ky++)
                            for (int kx = firstColumn; kx < endColumn; kx++)
                            {
                                ReadOnlySpan<float> pixel =
                                    from.Slice(((((n * s.Height) + top + ky) * s.Width) + left + kx) * s.Channels, s.Channels);
                                if (op.Kind == PoolKind.Max)
                                    TensorPrimitives.Max(pixel, cell, cell);
                                else if (op.Kind == PoolKind.Average)
                                    TensorPrimitives.Add(pixel, cell, cell);
                                else
                                    TensorPrimitives.MultiplyAdd(pixel, pixel, cell, cell);
                            }
                        if (op.Kind != PoolKind.Max)
                            TensorPrimitives.Divide(cell, (endRow - firstRow) * (endColumn - firstColumn), cell);
                        if (op.Kind == PoolKind.L2)
                            TensorPrimitives.Sqrt(cell, cell);
                    }
            Finish(to, op.Activation);
        });
    }

    public static PreparedKernel BilinearResize(NodeFacts facts)
    {
        var op = (Resize)facts.Operator;
        Shape x = facts.Input(0).Shape, y = facts.Output.Shape;
        if (x.Rank != 4 || y.Rank != 4 || x[0] != y[0] || x[3] != y[3] || x.ElementCount == 0)
            throw new KernelRefusedException($"Input {x} and result {y} do not suit each other.");
        return new(frame =>
        {
            ReadOnlySpan<float> from = frame.Input<float>(0);
            Span<float> to = frame.Output<float>();
            for (int n = 0, at = 0; n < y[0]; n++)
                for (int oy = 0; oy < y[1]; oy++)
                {
                    (int y0, int y1, float fy) = Neighbours(op, oy, x[1], y[1]);
                    for (int ox = 0; ox < y[2]; ox++)
                    {
                        (int x0, int x1, float fx) = Neighbours(op, ox, x[2], y[2]);
                        ReadOnlySpan<float> a = Pixel(from, x, n, y0, x0), b = Pixel(from, x, n, y1, x0), c = Pixel(from, x, n, y0, x1),
                            d = Pixel(from, x, n, y1, x1);
                        for (int i = 0; i < a.Length; i++)
                            to[at++] = (a[i] * (1 - fy) * (1 - fx)) + (b[i] * fy * (1 - fx)) + (c[i] * (1 - fy) * fx) + (d[i] * fy * fx);
                    }
                }
        });
    }

    private static ReadOnlySpan<float> Pixel(ReadOnlySpan<float> x, Shape shape, int n, int row, int column) =>
        x.Slice(((((n * shape[1]) + row) * shape[2]) + column) * shape[3], shape[3]);

    private static (int Low, int High, float Fraction) Neighbours(Resize op, int index, int from, int to)
    {
        float scale = op.AlignCorners && to > 1 ? (float)(from - 1) / (to - 1) : (float)from / to;
        float position = op.HalfPixelCenters ? ((index + 0.5f) * scale) - 0.5f : index * scale;
        int low = Math.Max((int)MathF.Floor(position), 0), high = Math.Min((int)MathF.Ceiling(position), from - 1);
        return (low, high, position - low);
    }

    private static void Start(Span<float> cell, ReadOnlySpan<float> bias)
    {
        if (bias.IsEmpty)
            cell.Clear();
        else
            bias.CopyTo(cell);
    }

    private static void Finish(Span<float> values, FusedActivation activation)
    {
        if (activation != FusedActivation.None)
            foreach (ref float value in values)
                value = FloatKernels.Clamp(value, activation);
    }
}
