using System.Numerics;
using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>DEPTHWISE_CONV_2D of int8 and int16 activations (tflite-kernels 3.2).</summary>
internal static class DepthwiseKernels
{
    public static PreparedKernel Prepare(NodeFacts facts)
    {
        var op = (DepthwiseConv2D)facts.Operator;
        Tensor x = facts.Input(0), filter = facts.Input(1);
        Shape w = filter.Shape;
        if (w.Rank != 4 || x.Shape.Rank != 4 || w[0] != 1 || x.Shape[3] < 1 || w[3] % x.Shape[3] != 0 || w[3] != facts.Output.Shape[-1])
            throw new KernelRefusedException($"Filter {w} does not suit input {x.Shape} and result {facts.Output.Shape}.");
        int multiplier = w[3] / x.Shape[3];
        var window = WindowShape
            .Make(x, facts.Output, w[1], w[2], op.Padding, op.StrideHeight, op.StrideWidth, op.DilationHeight, op.DilationWidth);
        var scaling = ChannelScalings.Make(facts, x, filter, facts.TryInput(2), w[3], narrowBias: false);
        int zero = NodeFacts.ZeroPoint(x);
        sbyte[]? weights = Weights.TryRead(filter);
        bool pairsFit = x.Type == ElementType.Int8 || (zero == 0 && w[1] * w[2] <= DepthwisePlan.MaxWideTaps);
        if (weights is not null && pairsFit && facts.Options.Path != KernelPath.Plain)
        {
            DepthwisePlan plan = new(window, multiplier, zero, weights, scaling, x.Type, facts.Options.Path);
            return x.Type == ElementType.Int8
                ? new(frame => plan.Run(frame.Input<sbyte>(0), frame.Scratch<byte>(), frame.Output<sbyte>()), plan.ScratchBytes)
                : new(frame => plan.Run(frame.Input<short>(0), frame.Scratch<byte>(), frame.Output<short>()), plan.ScratchBytes);
        }
        return x.Type == ElementType.Int8
            ? new(frame => Plain<sbyte>(window, multiplier, frame.Input<sbyte>(0), zero, weights ?? frame.Input<sbyte>(1), scaling,
            frame.Output<sbyte>()))
            : new(frame => Plain<short>(window, multiplier, frame.Input<short>(0), zero, weights ?? frame.Input<sbyte>(1), scaling,
            frame.Output<short>()));
    }

    /// <summary>The formula: output channel co reads input channel co / multiplier.</summary>
    public static void Plain<T>(in WindowShape s, int multiplier, ReadOnlySpan<T> x, int zero, ReadOnlySpan<sbyte> weights,
        ChannelScaling scaling, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>
    {
        int i = 0;
        for (int n = 0; n < s.Batch; n++)
            for (int oy = 0; oy < s.OutHeight; oy++)
                for (int ox = 0; ox < s.OutWidth; ox++)
                    for (int co = 0; co < s.OutChannels; co++)
                    {
                        int top = (oy * s.StrideHeight) - s.Top, left = (ox * s.StrideWidth) - s.Left;
                        long sum = scaling.Bias[co];
                        for (int ky = 0; ky < s.KernelHeight; ky++)
                            for (int kx = 0; kx < s.KernelWidth; kx++)
                            {
                                int iy = top + (s.DilationHeight * ky), ix = left + (s.DilationWidth * kx);
                                if ((uint)iy >= (uint)s.Height || (uint)ix >= (uint)s.Width)
                                    continue;
                                int value = int.CreateTruncating(
                                    x[(((((n * s.Height) + iy) * s.Width) + ix) * s.Channels) + (co / multiplier)]);
                                sum += (long)weights[(((ky * s.KernelWidth) + kx) * s.OutChannels) + co] * (value - zero);
                            }
                        y[i++] = T.CreateTruncating(scaling.Apply(sum, co));
                    }
    }
}
