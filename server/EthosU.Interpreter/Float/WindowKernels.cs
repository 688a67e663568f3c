using System.Numerics.Tensors;
using EthosU.Graphs;

namespace EthosU.Interpreter.Float;

/// <summary>Real convolutions, pools and bilinear resizing over [N, H, W, C].</summary>
internal static class WindowKernels
{
    public static TensorData[] Convolution(KernelCall call) => call.Node.Operator switch
    {
        Conv2D op => Dense(call, op),
        DepthwiseConv2D op => Depthwise(call, op),
        _ => Transposed(call, (TransposeConv)call.Node.Operator),
    };

    private static TensorData[] Dense(KernelCall call, Conv2D op)
    {
        Shape x = call[0].Shape, w = call[1].Shape, y = call.Output.Shape;
        float[] source = Array(call[0]), weights = Array(call[1]), result = new float[y.ElementCount];
        float[]? bias = call.TryInput(2) is { } b ? Array(b) : null;
        int top = WindowGeometry.PaddingSize(op.Padding, x[1], y[1], w[1], op.StrideHeight, op.DilationHeight).Before;
        int left = WindowGeometry.PaddingSize(op.Padding, x[2], y[2], w[2], op.StrideWidth, op.DilationWidth).Before;
        int depth = w[3], groups = x[3] / depth, perGroup = y[3] / groups;
        ParallelLoop.For(y[0] * y[1], row =>
        {
            int n = row / y[1], oy = row % y[1];
            for (int ox = 0; ox < y[2]; ox++)
            {
                Span<float> cell = result.AsSpan(((row * y[2]) + ox) * y[3], y[3]);
                bias?.CopyTo(cell);
                for (int ky = 0; ky < w[1]; ky++)
                {
                    int iy = (oy * op.StrideHeight) - top + (ky * op.DilationHeight);
                    if ((uint)iy >= (uint)x[1])
                        continue;
                    for (int kx = 0; kx < w[2]; kx++)
                    {
                        int ix = (ox * op.StrideWidth) - left + (kx * op.DilationWidth);
                        if ((uint)ix >= (uint)x[2])
                            continue;
                        ReadOnlySpan<float> pixel = source.AsSpan(((((n * x[1]) + iy) * x[2]) + ix) * x[3], x[3]);
                        for (int o = 0; o < cell.Length; o++)
                            cell[o] += TensorPrimitives.Dot(pixel.Slice(o / perGroup * depth, depth),
                                weights.AsSpan(((((o * w[1]) + ky) * w[2]) + kx) * depth, depth));
                    }
                }
            }
        });
        return Finish(call, result, op.Activation);
    }

    private static TensorData[] Depthwise(KernelCall call, DepthwiseConv2D op)
    {
        Shape x = call[0].Shape, w = call[1].Shape, y = call.Output.Shape;
        float[] source = Array(call[0]), weights = Array(call[1]), result = new float[y.ElementCount];
        float[]? bias = call.TryInput(2) is { } b ? Array(b) : null;
        int top = WindowGeometry.PaddingSize(op.Padding, x[1], y[1], w[1], op.StrideHeight, op.DilationHeight).Before;
        int left = WindowGeometry.PaddingSize(op.Padding, x[2], y[2], w[2], op.StrideWidth, op.DilationWidth).Before;
        ParallelLoop.For(y[0] * y[1], row =>
        {
            int n = row / y[1], oy = row % y[1];
            for (int ox = 0; ox < y[2]; ox++)
            {
                Span<float> cell = result.AsSpan(((row * y[2]) + ox) * y[3], y[3]);
                bias?.CopyTo(cell);
                for (int ky = 0; ky < w[1]; ky++)
                {
                    int iy = (oy * op.StrideHeight) - top + (ky * op.DilationHeight);
                    if ((uint)iy >= (uint)x[1])
                        continue;
                    for (int kx = 0; kx < w[2]; kx++)
                    {
                        int ix = (ox * op.StrideWidth) - left + (kx * op.DilationWidth);
                        if ((uint)ix >= (uint)x[2])
                            continue;
                        ReadOnlySpan<float> pixel = source.AsSpan(((((n * x[1]) + iy) * x[2]) + ix) * x[3], x[3]);
                        ReadOnlySpan<float> taps = weights.AsSpan(((ky * w[2]) + kx) * y[3], y[3]);
                        if (op.DepthMultiplier == 1)
                            TensorPrimitives.MultiplyAdd(pixel, taps, cell, cell);
                        else
                            for (int o = 0; o < cell.Length; o++)
                                cell[o] += pixel[o / op.DepthMultiplier] * taps[o];
                    }
                }
            }
        });
        return Finish(call, result, op.Activation);
    }

    private static TensorData[] Transposed(KernelCall call, TransposeConv op)
    {
        Shape x = call[2].Shape, w = call[1].Shape, y = call.Output.Shape;
        float[] source = Array(call[2]), weights = Array(call[1]), result = new float[y.ElementCount];
        int top = WindowGeometry.PaddingSize(op.Padding, y[1], x[1], w[1], op.StrideHeight, 1).Before;
        int left = WindowGeometry.PaddingSize(op.Padding, y[2], x[2], w[2], op.StrideWidth, 1).Before;
        if (call.TryInput(3) is { } bias)
            for (int i = 0; i < result.Length; i += y[3])
                bias.AsSpan<float>().CopyTo(result.AsSpan(i));
        for (int n = 0; n < x[0]; n++)
            for (int iy = 0; iy < x[1]; iy++)
                for (int ix = 0; ix < x[2]; ix++)
                {
                    ReadOnlySpan<float> pixel = source.AsSpan(((((n * x[1]) + iy) * x[2]) + ix) * x[3], x[3]);
                    for (int ky = 0; ky < w[1]; ky++)
                        for (int kx = 0; kx < w[2]; kx++)
                        {
                            int oy = (iy * op.StrideHeight) - top + ky, ox = (ix * op.StrideWidth) - left + kx;
                            if ((uint)oy >= (uint)y[1] || (uint)ox >= (uint)y[2])
                                continue;
                            Span<float> cell = result.AsSpan(((((n * y[1]) + oy) * y[2]) + ox) * y[3], y[3]);
                            for (int o = 0; o < cell.Length; o++)
                                cell[o] += TensorPrimitives.Dot(pixel, weights.AsSpan(((((o * w[1]) + ky) * w[2]) + kx) * w[3], w[3]));
                        }
                }
        return Finish(call, result, op.Activation);
    }

    public static TensorData[] Pool(KernelCall call)
    {
        var op = (Pool2D)call.Node.Operator;
        Shape x = call[0].Shape, y = call.Output.Shape;
        float[] source = Array(call[0]), result = new float[y.ElementCount];
        int top = WindowGeometry.PaddingSize(op.Padding, x[1], y[1], op.FilterHeight, op.StrideHeight, 1).Before;
        int left = WindowGeometry.PaddingSize(op.Padding, x[2], y[2], op.FilterWidth, op.StrideWidth, 1).Before;
        for (int i = 0, row = 0; row < y[0] * y[1]; row++)
            for (int ox = 0; ox < y[2]; ox++, i += y[3])
            {
                int n = row / y[1], y0 = (row % y[1] * op.StrideHeight) - top, x0 = (ox * op.StrideWidth) - left;
                Span<float> cell = result.AsSpan(i, y[3]);
                cell.Fill(op.Kind == PoolKind.Max ? float.NegativeInfinity : 0);
                int count = 0;
                for (int iy = Math.Max(y0, 0); iy < Math.Min(y0 + op.FilterHeight, x[1]); iy++)
                    for (int ix = Math.Max(x0, 0); ix < Math.Min(x0 + op.FilterWidth, x[2]); ix++, count++)
                    {
                        ReadOnlySpan<float> pixel = source.AsSpan(((((n * x[1]) + iy) * x[2]) + ix) * x[3], x[3]);
                        if (op.Kind == PoolKind.Max)
                            TensorPrimitives.Max(pixel, cell, cell);
                        else if (op.Kind == PoolKind.Average)
                            TensorPrimitives.Add(pixel, cell, cell);
                        else
                            TensorPrimitives.MultiplyAdd(pixel, pixel, cell, cell);
                    }
                if (op.Kind != PoolKind.Max)
                    TensorPrimitives.Divide(cell, count, cell);
                if (op.Kind == PoolKind.L2)
                    TensorPrimitives.Sqrt(cell, cell);
            }
        return Finish(call, result, op.Activation);
    }

    public static TensorData[] BilinearResize(KernelCall call)
    {
        var op = (Resize)call.Node.Operator;
        Shape x = call[0].Shape, y = call.Output.Shape;
        float[] source = Array(call[0]), result = new float[y.ElementCount];
        int i = 0;
        for (int n = 0; n < y[0]; n++)
            for (int oy = 0; oy < y[1]; oy++)
            {
                (int y0, int y1, float fy) = Neighbours(op, oy, x[1], y[1]);
                for (int ox = 0; ox < y[2]; ox++)
                {
                    (int x0, int x1, float fx) = Neighbours(op, ox, x[2], y[2]);
                    for (int c = 0; c < y[3]; c++)
                        result[i++] = (At(y0, x0, c) * (1 - fy) * (1 - fx)) + (At(y1, x0, c) * fy * (1 - fx))
                            + (At(y0, x1, c) * (1 - fy) * fx) + (At(y1, x1, c) * fy * fx);
                }

                float At(int row, int column, int c) => source[(((((n * x[1]) + row) * x[2]) + column) * x[3]) + c];
            }
        return Finish(call, result, FusedActivation.None);
    }

    private static (int Low, int High, float Fraction) Neighbours(Resize op, int index, int from, int to)
    {
        float scale = op.AlignCorners && to > 1 ? (float)(from - 1) / (to - 1) : (float)from / to;
        float position = op.HalfPixelCenters ? ((index + 0.5f) * scale) - 0.5f : index * scale;
        int low = Math.Max((int)MathF.Floor(position), 0), high = Math.Min((int)MathF.Ceiling(position), from - 1);
        return (low, high, position - low);
    }

    private static float[] Array(TensorData data) => data.AsSpan<float>().ToArray();

    private static TensorData[] Finish(KernelCall call, float[] result, FusedActivation activation)
    {
        if (activation != FusedActivation.None)
            for (int i = 0; i < result.Length; i++)
                result[i] = FloatKernels.Clamp(result[i], activation);
        return [call.Result(result)];
    }
}
