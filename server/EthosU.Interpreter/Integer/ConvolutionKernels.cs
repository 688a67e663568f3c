using System.Numerics;
using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>CONV_2D of int8 and int16 activations (tflite-kernels 3.1).</summary>
internal static class ConvolutionKernels
{
    public static PreparedKernel Prepare(NodeFacts facts)
    {
        var op = (Conv2D)facts.Operator;
        Tensor x = facts.Input(0), filter = facts.Input(1);
        Shape w = filter.Shape;
        if (w.Rank != 4 || x.Shape.Rank != 4 || w[3] < 1 || x.Shape[3] % w[3] != 0 || w[0] != facts.Output.Shape[-1]
            || w[0] % (x.Shape[3] / w[3]) != 0)
            throw new KernelRefusedException($"Filter {w} does not suit input {x.Shape} and result {facts.Output.Shape}.");
        var window = WindowShape
            .Make(x, facts.Output, w[1], w[2], op.Padding, op.StrideHeight, op.StrideWidth, op.DilationHeight, op.DilationWidth);
        var scaling = ChannelScalings.Make(facts, x, filter, facts.TryInput(2), w[0], op.QuantizedBiasType == ElementType.Int32);
        int zero = NodeFacts.ZeroPoint(x);
        sbyte[]? weights = Weights.TryRead(filter);
        if (weights is not null && VectorPath.Choose(facts.Options.Path, x, zero, weightZero: 0) is { } kind)
        {
            ConvolutionPlan plan = new(window, w[3], zero, weights, weightZero: 0, scaling, kind, facts.Options.Path);
            return x.Type == ElementType.Int8
                ? new(frame => plan.Run(frame.Input<sbyte>(0), frame.Scratch<int>(), frame.Output<sbyte>()), plan.ScratchBytes)
                : new(frame => plan.Run(frame.Input<short>(0), frame.Scratch<int>(), frame.Output<short>()), plan.ScratchBytes);
        }
        return x.Type == ElementType.Int8
            ? new(frame => Plain<sbyte>(window, w[3], frame.Input<sbyte>(0), zero, weights ?? frame.Input<sbyte>(1), scaling,
            frame.Output<sbyte>()))
            : new(frame => Plain<short>(window, w[3], frame.Input<short>(0), zero, weights ?? frame.Input<sbyte>(1), scaling,
            frame.Output<short>()));
    }

    /// <summary>The formula: cells outside the input are skipped, which is real 0.</summary>
    public static void Plain<T>(in WindowShape s, int depth, ReadOnlySpan<T> x, int zero, ReadOnlySpan<sbyte> weights,
        ChannelScaling scaling, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>
    {
        int perGroup = s.OutChannels / (s.Channels / depth), i = 0;
        for (int n = 0; n < s.Batch; n++)
            for (int oy = 0; oy < s.OutHeight; oy++)
                for (int ox = 0; ox < s.OutWidth; ox++)
                    for (int co = 0; co < s.OutChannels; co++)
                    {
                        int top = (oy * s.StrideHeight) - s.Top, left = (ox * s.StrideWidth) - s.Left, group = co / perGroup;
                        long sum = scaling.Bias[co];
                        for (int ky = 0; ky < s.KernelHeight; ky++)
                            for (int kx = 0; kx < s.KernelWidth; kx++)
                            {
                                int iy = top + (s.DilationHeight * ky), ix = left + (s.DilationWidth * kx);
                                if ((uint)iy >= (uint)s.Height || (uint)ix >= (uint)s.Width)
                                    continue;
                                int pixel = (((((n * s.Height) + iy) * s.Width) + ix) * s.Channels) + (group * depth);
                                int taps = ((((co * s.KernelHeight) + ky) * s.KernelWidth) + kx) * depth;
                                for (int c = 0; c < depth; c++)
                                    sum += (long)weights[taps + c] * (int.CreateTruncating(x[pixel + c]) - zero);
                            }
                        y[i++] = T.CreateTruncating(scaling.Apply(sum, co));
                    }
    }
}
