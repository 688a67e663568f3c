using System.Numerics;
using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>MEAN, SUM, REDUCE_MAX, REDUCE_MIN, ARG_MAX and ARG_MIN of int8 and int16 (tflite-kernels 3.7).</summary>
internal static class ReductionKernels
{
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        Tensor x = facts.Input(0), y = facts.Output;
        if (facts.Operator is ArgReduce arg)
            return y.Type is ElementType.Int32 or ElementType.Int64 ? ForArg(facts, arg.Kind == ArgKind.Max) : null;
        var op = (Reduce)facts.Operator;
        if (y.Type != x.Type || op.Kind is ReduceKind.Product or ReduceKind.Any or ReduceKind.All)
            return null;
        int[] buckets = ReductionMap.Buckets(x.Shape, facts.Integers(1));
        int count = checked((int)y.Shape.ElementCount);
        if (buckets.Length > 0 && buckets[^1] != count - 1)
            throw new KernelRefusedException($"Its axes do not suit input {x.Shape} and result {y.Shape}.");
        long reduced = count == 0 ? 0 : x.Shape.ElementCount / count;
        (int low, int high) = y.Type.IntegerRange();
        Func<int, int> finish = op.Kind is ReduceKind.Max or ReduceKind.Min ? static value => value
            : Finish(op.Kind, x, y, reduced, low, high);
        return x.Type == ElementType.Int8
            ? new(frame => Run<sbyte>(frame, op.Kind, buckets, finish), checked(count * sizeof(int)))
            : new(frame => Run<short>(frame, op.Kind, buckets, finish), checked(count * sizeof(int)));
    }

    private static Func<int, int> Finish(ReduceKind kind, Tensor x, Tensor y, long reduced, int low, int high)
    {
        var multiplier = Multiplier.From((double)NodeFacts.Scale(x) / NodeFacts.Scale(y));
        int zero = NodeFacts.ZeroPoint(y), offset = unchecked((int)(reduced * NodeFacts.ZeroPoint(x)));
        if (kind == ReduceKind.Mean && reduced > 0)
            multiplier = multiplier.OverCount(reduced);
        return sum => Math.Clamp(multiplier.Apply(sum - offset) + zero, low, high);
    }

    private static void Run<T>(Frame frame, ReduceKind kind, int[] buckets, Func<int, int> finish) where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<T> x = frame.Input<T>(0);
        Span<T> y = frame.Output<T>();
        Span<int> totals = frame.Scratch<int>()[..y.Length];
        totals.Fill(kind switch { ReduceKind.Max => int.MinValue, ReduceKind.Min => int.MaxValue, _ => 0 });
        for (int i = 0; i < x.Length; i++)
        {
            ref int total = ref totals[buckets[i]];
            int value = int.CreateTruncating(x[i]);
            total = kind switch
            {
                ReduceKind.Max => Math.Max(total, value),
                ReduceKind.Min => Math.Min(total, value),
                _ => total + value,
            };
        }
        for (int i = 0; i < y.Length; i++)
            y[i] = T.CreateTruncating(finish(totals[i]));
    }

    private static PreparedKernel ForArg(NodeFacts facts, bool max)
    {
        Tensor x = facts.Input(0);
        int axis = x.Shape.NormalizeAxis(facts.Integers(1)[0]), size = x.Shape[axis], inner = checked((int)x.Shape.Strides()[axis]);
        if (size == 0 || facts.Output.Shape.ElementCount * size != x.Shape.ElementCount)
            throw new KernelRefusedException($"Input {x.Shape} and result {facts.Output.Shape} do not suit axis {axis}.");
        return (x.Type, facts.Output.Type) switch
        {
            (ElementType.Int8, ElementType.Int32) => new(frame => RunArg<sbyte, int>(frame, size, inner, max)),
            (ElementType.Int8, _) => new(frame => RunArg<sbyte, long>(frame, size, inner, max)),
            (_, ElementType.Int32) => new(frame => RunArg<short, int>(frame, size, inner, max)),
            _ => new(frame => RunArg<short, long>(frame, size, inner, max)),
        };
    }

    /// <summary>The first of equal extremes wins.</summary>
    private static void RunArg<T, TIndex>(Frame frame, int size, int inner, bool max)
        where T : unmanaged, IBinaryInteger<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        ReadOnlySpan<T> x = frame.Input<T>(0);
        Span<TIndex> y = frame.Output<TIndex>();
        for (int i = 0; i < y.Length; i++)
        {
            int start = (i / inner * inner * size) + (i % inner), best = 0;
            for (int j = 1; j < size; j++)
            {
                T value = x[start + (j * inner)], extreme = x[start + (best * inner)];
                if (max ? value > extreme : value < extreme)
                    best = j;
            }
            y[i] = TIndex.CreateTruncating(best);
        }
    }
}
