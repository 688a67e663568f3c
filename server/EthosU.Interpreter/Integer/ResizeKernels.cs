using System.Numerics;
using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>RESIZE_BILINEAR of int8 and int16 (tflite-kernels 3.9).</summary>
internal static class ResizeKernels
{
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        var op = (Resize)facts.Operator;
        Tensor x = facts.Input(0), y = facts.Output;
        if (x.Type != y.Type)
            return null;
        if (x.Shape.Rank != 4 || y.Shape.Rank != 4 || x.Shape[3] != y.Shape[3] || x.Shape[0] != y.Shape[0] || x.Shape.ElementCount == 0)
            throw new KernelRefusedException($"Input {x.Shape} and result {y.Shape} do not suit each other.");
        BilinearPosition[] rows = Positions(op, x.Shape[1], y.Shape[1]), columns = Positions(op, x.Shape[2], y.Shape[2]);
        (int height, int width, int channels) = (x.Shape[1], x.Shape[2], x.Shape[3]);
        return x.Type == ElementType.Int8
            ? new(frame => Run(frame.Input<sbyte>(0), frame.Output<sbyte>(), rows, columns, height, width, channels))
            : new(frame => Run(frame.Input<short>(0), frame.Output<short>(), rows, columns, height, width, channels));
    }

    private static void Run<T>(
        ReadOnlySpan<T> x, Span<T> y, BilinearPosition[] rows, BilinearPosition[] columns, int height, int width, int channels)
        where T : unmanaged, IBinaryInteger<T>
    {
        int result = 0;
        for (int image = 0; result < y.Length; image += height * width * channels)
            foreach (BilinearPosition row in rows)
                foreach (BilinearPosition column in columns)
                {
                    int a = image + (((row.Low * width) + column.Low) * channels),
                        b = image + (((row.High * width) + column.Low) * channels);
                    int c = image + (((row.Low * width) + column.High) * channels),
                        d = image + (((row.High * width) + column.High) * channels);
                    long wa = (1024 - row.Fraction) * (1024 - column.Fraction), wb = row.Fraction * (1024 - column.Fraction);
                    long wc = (1024 - row.Fraction) * column.Fraction, wd = row.Fraction * column.Fraction;
                    for (int i = 0; i < channels; i++)
                    {
                        long sum = (long.CreateTruncating(x[a + i]) * wa) + (long.CreateTruncating(x[b + i]) * wb)
                            + (long.CreateTruncating(x[c + i]) * wc) + (long.CreateTruncating(x[d + i]) * wd);
                        y[result++] = T.CreateTruncating((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
                    }
                }
    }

    private static BilinearPosition[] Positions(Resize op, int from, int to) =>
        ResizePositions.Bilinear(from, to, op.AlignCorners, op.HalfPixelCenters);
}
