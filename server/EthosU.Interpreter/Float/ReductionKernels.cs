using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Float;

/// <summary>Reductions and scans of reals, unquantized integers and bools, and tensors made from numbers.</summary>
internal static class ReductionKernels
{
    /// <summary>Reductions of reals along constant axes.</summary>
    public static PreparedKernel Prepare(NodeFacts facts)
    {
        ReduceKind kind = ((Reduce)facts.Operator).Kind;
        Shape shape = facts.Input(0).Shape;
        int[] sizes = shape.Rank == 0 ? [1] : [.. shape],
            steps = shape.Rank == 0 ? [0] : [.. ReductionMap.Steps(shape, facts.Integers(1)).Select(static step => (int)step)];
        int count = checked((int)facts.Output.Shape.ElementCount);
        if (shape.ElementCount > 0 && sizes.Zip(steps, static (size, step) => (size - 1L) * step).Sum() != count - 1)
            throw new KernelRefusedException($"Its axes do not suit input {facts.Input(0).Shape} and result {facts.Output.Shape}.");
        double start = kind switch
        {
            ReduceKind.Product => 1,
            ReduceKind.Max => double.NegativeInfinity,
            ReduceKind.Min => double.PositiveInfinity,
            _ => 0,
        };
        return new(frame =>
        {
            ReadOnlySpan<float> x = frame.Input<float>(0);
            Span<double> totals = frame.Scratch<double>()[..count];
            totals.Fill(start);
            Span<int> at = stackalloc int[sizes.Length];
            at.Clear();
            int last = sizes.Length - 1, first = 0;
            for (int start = 0; start < x.Length; start += sizes[last])
            {
                ReadOnlySpan<float> row = x.Slice(start, sizes[last]);
                for (int i = 0, bucket = first; i < row.Length; i++, bucket += steps[last])
                {
                    ref double total = ref totals[bucket];
                    total = kind switch
                    {
                        ReduceKind.Product => total * row[i],
                        ReduceKind.Max => Math.Max(total, row[i]),
                        ReduceKind.Min => Math.Min(total, row[i]),
                        _ => total + row[i],
                    };
                }
                first = StridedRows.Next(first, at, sizes, steps);
            }
            Span<float> y = frame.Output<float>();
            for (int i = 0; i < count; i++)
                y[i] = (float)(kind == ReduceKind.Mean ? totals[i] * count / x.Length : totals[i]);
        }, checked(count * sizeof(double)));
    }

    public static TensorData[] Reduce(KernelCall call)
    {
        var op = (Reduce)call.Node.Operator;
        int[] map = ReductionMap.Buckets(call[0].Shape, call[1].ToInt32Array());
        int buckets = checked((int)call.Output.Shape.ElementCount);
        double[] x = call[0].Type.IsFloat() ? Array.ConvertAll(call[0].ToFloatArray(), v => (double)v)
            : Array.ConvertAll(call[0].ToInt64Array(), v => (double)v);
        double[] result = new double[buckets];
        Array.Fill(result, op.Kind switch
        {
            ReduceKind.Product or ReduceKind.All => 1,
            ReduceKind.Max => double.NegativeInfinity,
            ReduceKind.Min => double.PositiveInfinity,
            _ => 0,
        });
        for (int i = 0; i < x.Length; i++)
        {
            ref double bucket = ref result[map[i]];
            bucket = op.Kind switch
            {
                ReduceKind.Product => bucket * x[i],
                ReduceKind.Max or ReduceKind.Any => Math.Max(bucket, x[i]),
                ReduceKind.Min or ReduceKind.All => Math.Min(bucket, x[i]),
                _ => bucket + x[i],
            };
        }
        if (op.Kind == ReduceKind.Mean)
            for (int i = 0; i < buckets; i++)
                result[i] = result[i] * buckets / x.Length;
        return [FromReals(call, result)];
    }

    public static TensorData[] ArgReduce(KernelCall call)
    {
        bool max = ((ArgReduce)call.Node.Operator).Kind == ArgKind.Max;
        int axis = call[0].Shape.NormalizeAxis(call[1].ToInt32Array()[0]);
        float[] x = call[0].ToFloatArray();
        int[] map = ReductionMap.Buckets(call[0].Shape, [axis]);
        int inner = checked((int)call[0].Shape.Strides()[axis]), size = call[0].Shape[axis];
        var best = new int[call.Output.Shape.ElementCount];
        var value = new float[best.Length];
        Array.Fill(best, -1);
        for (int i = 0; i < x.Length; i++)
        {
            int bucket = map[i];
            if (best[bucket] < 0 || (max ? x[i] > value[bucket] : x[i] < value[bucket]))
                (best[bucket], value[bucket]) = (i / inner % size, x[i]);
        }
        return [call.Output.Type == ElementType.Int64 ? call.Result(Array.ConvertAll(best, v => (long)v)) : call.Result(best)];
    }

    public static TensorData[] CumSum(KernelCall call)
    {
        var op = (CumSum)call.Node.Operator;
        int axis = call[0].Shape.NormalizeAxis(call[1].ToInt32Array()[0]);
        int stride = checked((int)call[0].Shape.Strides()[axis]), size = call[0].Shape[axis];
        double[] x = Array.ConvertAll(call[0].ToFloatArray(), v => (double)v), result = new double[x.Length];
        for (int start = 0; start < x.Length; start++)
        {
            if (start / stride % size != 0)
                continue;
            double sum = 0;
            for (int step = 0; step < size; step++)
            {
                int i = start + ((op.Reverse ? size - 1 - step : step) * stride);
                result[i] = op.Exclusive ? sum : sum + x[i];
                sum += x[i];
            }
        }
        return [FromReals(call, result)];
    }

    public static TensorData[] TopK(KernelCall call)
    {
        int length = call[0].Shape[-1], k = call.Output.Shape[-1];
        float[] x = call[0].AsSpan<float>().ToArray();
        var values = new float[call.Output.Shape.ElementCount];
        var indices = new int[values.Length];
        for (int row = 0; row < values.Length / Math.Max(k, 1); row++)
        {
            int[] order = [.. Enumerable.Range(0, length).OrderByDescending(i => x[(row * length) + i])]; // stable: the lower index first
            for (int i = 0; i < k; i++)
                (values[(row * k) + i], indices[(row * k) + i]) = (x[(row * length) + order[i]], order[i]);
        }
        return [call.Result(values), TensorData.Wrap(ElementType.Int32, call.Node.Outputs[1].Shape, indices)];
    }

    public static TensorData[] OneHot(KernelCall call)
    {
        Shape shape = call.Output.Shape;
        int axis = ((OneHot)call.Node.Operator).Axis;
        axis = axis < 0 ? axis + shape.Rank : axis;
        long[] indices = call[0].ToInt64Array();
        int depth = shape[axis], inner = checked((int)shape.Strides()[axis]);
        ReadOnlySpan<byte> on = call[2].Bytes.Span, off = call[3].Bytes.Span;
        var result = new byte[checked((int)(shape.ElementCount * off.Length))];
        for (int start = 0; start < result.Length; start += off.Length)
            off.CopyTo(result.AsSpan(start));
        for (int i = 0; i < indices.Length; i++)
        {
            long wanted = indices[i] < 0 ? indices[i] + depth : indices[i];
            if (wanted >= 0 && wanted < depth)
                on.CopyTo(result.AsSpan(checked((int)((((((i / inner) * (long)depth) + wanted) * inner) + (i % inner)) * off.Length))));
        }
        return [new TensorData(call[2].Type, shape, result)];
    }

    public static TensorData[] Range(KernelCall call)
    {
        double start = call[0].ToFloatArray()[0], step = call[2].ToFloatArray()[0];
        double[] values = new double[call.Output.Shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = start + (i * step);
        return [FromReals(call, values)];
    }

    private static TensorData FromReals(KernelCall call, double[] values) => call.Output.Type switch
    {
        ElementType.Float32 => call.Result(Array.ConvertAll(values, v => (float)v)),
        ElementType.Int32 => call.Result(Array.ConvertAll(values, v => (int)Math.Floor(v))),
        ElementType.Int64 => call.Result(Array.ConvertAll(values, v => (long)Math.Floor(v))),
        ElementType.Bool => call.Result(Array.ConvertAll(values, v => (byte)v)),
        _ => throw new InvalidOperationException($"{call.Node.Operator.Name} of {call.Output.Type.DisplayName()} has no kernel"),
    };
}
