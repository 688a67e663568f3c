using System.Numerics;
using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>FULLY_CONNECTED of int8 and int16 activations (tflite-kernels 3.2).</summary>
internal static class FullyConnectedKernels
{
    public static PreparedKernel Prepare(NodeFacts facts)
    {
        var op = (FullyConnected)facts.Operator;
        Tensor x = facts.Input(0), filter = facts.Input(1);
        if (filter.Shape.Rank != 2 || filter.Shape[0] < 1 || filter.Shape[1] < 1)
            throw new KernelRefusedException($"Weights {filter.Shape} are no matrix.");
        int units = filter.Shape[0], depth = filter.Shape[1];
        int rows = checked((int)(facts.Output.Shape.ElementCount / units));
        if (x.Shape.ElementCount != (long)rows * depth || facts.Output.Shape.ElementCount != (long)rows * units)
            throw new KernelRefusedException($"Weights {filter.Shape} do not suit input {x.Shape} and result {facts.Output.Shape}.");
        bool perAxis = filter.Quantization is { IsPerAxis: true };
        var scaling = ChannelScalings.Make(facts, x, filter, facts.TryInput(2), units, op.QuantizedBiasType == ElementType.Int32);
        int zero = NodeFacts.ZeroPoint(x), weightZero = perAxis ? 0 : NodeFacts.ZeroPoint(filter);
        sbyte[]? weights = Weights.TryRead(filter);
        if (weights is not null && VectorPath.Choose(facts.Options.Path, x, zero, weightZero) is { } kind)
        {
            WindowShape rowsAsPixels = new(1, rows, 1, depth, rows, 1, units, 1, 1, 1, 1, 1, 1, 0, 0);
            ConvolutionPlan plan = new(rowsAsPixels, depth, zero, weights, weightZero, scaling, kind, facts.Options.Path);
            return x.Type == ElementType.Int8
                ? new(frame => plan.Run(frame.Input<sbyte>(0), frame.Scratch<int>(), frame.Output<sbyte>()), plan.ScratchBytes)
                : new(frame => plan.Run(frame.Input<short>(0), frame.Scratch<int>(), frame.Output<short>()), plan.ScratchBytes);
        }
        return x.Type == ElementType.Int8
            ? new(frame => Plain(rows, depth, frame.Input<sbyte>(0), zero, weights ?? frame.Input<sbyte>(1), weightZero, scaling,
            frame.Output<sbyte>()))
            : new(frame => Plain(rows, depth, frame.Input<short>(0), zero, weights ?? frame.Input<sbyte>(1), weightZero, scaling,
            frame.Output<short>()));
    }

    public static void Plain<T>(int rows, int depth, ReadOnlySpan<T> x, int zero, ReadOnlySpan<sbyte> weights, int weightZero,
        ChannelScaling scaling, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>
    {
        int units = scaling.Bias.Length;
        for (int row = 0; row < rows; row++)
            for (int unit = 0; unit < units; unit++)
            {
                long sum = scaling.Bias[unit];
                for (int k = 0; k < depth; k++)
                    sum += (long)(weights[(unit * depth) + k] - weightZero) * (int.CreateTruncating(x[(row * depth) + k]) - zero);
                y[(row * units) + unit] = T.CreateTruncating(scaling.Apply(sum, unit));
            }
    }
}
