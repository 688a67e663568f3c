using System.Numerics;
using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>SVDF of int8 with a state of int16 or int8 (tflite-kernels 3.12a).</summary>
internal static class SvdfKernels
{
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        var op = (Svdf)facts.Operator;
        Tensor x = facts.Input(0), feature = facts.Input(1), time = facts.Input(2), state = facts.Input(4);
        if (x.Type != ElementType.Int8 || facts.Output.Type != ElementType.Int8 || feature.Type != ElementType.Int8
            || state.Type != time.Type
            || time.Type is not (ElementType.Int8 or ElementType.Int16))
            return null;
        if (x.Shape.Rank != 2 || feature.Shape.Rank != 2 || time.Shape.Rank != 2 || state.Shape.Rank != 2 || op.Rank < 1)
            throw new KernelRefusedException("Its operands must be matrices and its rank positive.");
        int filters = feature.Shape[0], memory = time.Shape[1], batch = x.Shape[0];
        Tensor? bias = facts.TryInput(3);
        if (feature.Shape[1] != x.Shape[1] || time.Shape[0] != filters || filters % op.Rank != 0 || memory < 1 || !state.IsVariable
            || state.Shape != new Shape([batch, memory * filters]) || facts.Output.Shape != new Shape([batch, filters / op.Rank])
            || (bias is not null && (bias.Type != ElementType.Int32 || bias.Data is null || bias.Shape.ElementCount != filters / op.Rank)))
            throw new KernelRefusedException(
                $"Input {x.Shape}, features {feature.Shape}, time weights {time.Shape} and state {state.Shape} do not suit each other.");
        double scaleState = NodeFacts.Scale(state);
        Sizes sizes = new(batch, x.Shape[1], filters, memory, op.Rank, NodeFacts.ZeroPoint(x),
            Multiplier.From(NodeFacts.Scale(x) * NodeFacts.Scale(feature) / scaleState),
            Multiplier.From(scaleState * NodeFacts.Scale(time) / NodeFacts.Scale(facts.Output)),
            NodeFacts.ZeroPoint(facts.Output), bias?.Data?.ToInt32Array());
        return state.Type == ElementType.Int8
            ? new(frame => Run<sbyte>(frame, sizes), checked(filters * sizeof(int)))
            : new(frame => Run<short>(frame, sizes), checked(filters * sizeof(int)));
    }

    private static void Run<T>(Frame frame, Sizes s) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        ReadOnlySpan<sbyte> x = frame.Input<sbyte>(0), feature = frame.Input<sbyte>(1);
        ReadOnlySpan<T> time = frame.Input<T>(2);
        Span<T> state = frame.State<T>(4);
        Span<sbyte> y = frame.Output<sbyte>();
        int units = s.Filters / s.Rank;
        for (int n = 0; n < s.Batch; n++)
        {
            Span<int> sums = frame.Scratch<int>()[..s.Filters];
            for (int filter = 0; filter < s.Filters; filter++)
            {
                Span<T> past = state.Slice(((n * s.Filters) + filter) * s.Memory, s.Memory);
                past[1..].CopyTo(past);
                int sum = 0;
                for (int i = 0; i < s.Depth; i++)
                    sum += feature[(filter * s.Depth) + i] * (x[(n * s.Depth) + i] - s.ZeroX);
                past[^1] = T.CreateSaturating(s.Feature.Apply(sum));
                sums[filter] = 0;
                for (int i = 0; i < s.Memory; i++)
                    sums[filter] += int.CreateTruncating(past[i]) * int.CreateTruncating(time[(filter * s.Memory) + i]);
            }
            for (int unit = 0; unit < units; unit++)
            {
                int sum = s.Bias?[unit] ?? 0;
                for (int r = 0; r < s.Rank; r++)
                    sum += sums[(unit * s.Rank) + r];
                y[(n * units) + unit] = (sbyte)Math.Clamp(s.Output.Apply(sum) + s.ZeroY, sbyte.MinValue, sbyte.MaxValue);
            }
        }
    }

    private sealed record Sizes(int Batch, int Depth, int Filters, int Memory, int Rank, int ZeroX, Multiplier Feature, Multiplier Output,
        int ZeroY, int[]? Bias);
}
