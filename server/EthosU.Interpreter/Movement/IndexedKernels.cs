using System.Numerics;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Movement;

/// <summary>Operators that move elements to or from places that an operand names.</summary>
internal static class IndexedKernels
{
    public static TensorData[] Gathered(KernelCall call)
    {
        var op = (Gather)call.Node.Operator;
        Shape shape = call[0].Shape, indexShape = call[1].Shape;
        int axis = shape.NormalizeAxis(op.Axis), batch = op.BatchDims < 0 ? op.BatchDims + indexShape.Rank : op.BatchDims;
        long[] indices = call[1].ToInt64Array();
        int batches = MovementKernels.Product(shape, 0, batch), outer = MovementKernels.Product(shape, batch, axis),
            inner = MovementKernels.Product(shape, axis + 1, shape.Rank);
        int picks = indices.Length / Math.Max(batches, 1), position = 0;
        var map = new int[call.Output.Shape.ElementCount];
        for (int b = 0; b < batches; b++)
            for (int o = 0; o < outer; o++)
                for (int p = 0; p < picks; p++)
                {
                    long index = indices[(b * picks) + p];
                    index = index < 0 ? index + shape[axis] : index;
                    if ((ulong)index >= (ulong)shape[axis])
                        throw new InvalidOperationException($"index {indices[(b * picks) + p]} is outside axis {axis} of {shape}");
                    int start = (int)((((long)((b * outer) + o) * shape[axis]) + index) * inner);
                    for (int i = 0; i < inner; i++)
                        map[position++] = start + i;
                }
        return MovementKernels.Take(call, call[0], map);
    }

    public static TensorData[] LookedUp(KernelCall call)
    {
        Node gather = new(new Gather(0), [call.Node.Inputs[1], call.Node.Inputs[0]], call.Node.Outputs);
        return Gathered(call with { Node = gather, Inputs = [call[1], call[0]] });
    }

    public static TensorData[] GatheredNd(KernelCall call)
    {
        int[] offsets = TupleOffsets(call[1], call[0].Shape, out int inner);
        var map = new int[call.Output.Shape.ElementCount];
        for (int i = 0; i < map.Length; i++)
            map[i] = offsets[i / inner] + (i % inner);
        return MovementKernels.Take(call, call[0], map);
    }

    public static TensorData[] Scattered(KernelCall call)
    {
        int[] offsets = TupleOffsets(call[0], call.Output.Shape, out int inner);
        int[] map = new int[call.Output.Shape.ElementCount];
        Array.Fill(map, IndexMap.Outside);
        bool repeats = false;
        for (int i = 0; i < offsets.Length * inner; i++)
        {
            ref int place = ref map[offsets[i / inner] + (i % inner)];
            repeats |= place != IndexMap.Outside;
            place = i;
        }
        if (!repeats)
            return MovementKernels.Take(call, call[1], map);
        return call[1].Type switch // values that meet in one place are added
        {
            ElementType.Float32 => Sums<float>(call, offsets, inner),
            ElementType.Int8 => Sums<sbyte>(call, offsets, inner),
            ElementType.UInt8 => Sums<byte>(call, offsets, inner),
            ElementType.Int16 => Sums<short>(call, offsets, inner),
            ElementType.Int32 => Sums<int>(call, offsets, inner),
            ElementType.Int64 => Sums<long>(call, offsets, inner),
            ElementType type =>
                throw new InvalidOperationException($"values of type {type.DisplayName()} cannot be added where indices are equal"),
        };
    }

    private static TensorData[] Sums<T>(KernelCall call, int[] offsets, int inner) where T : unmanaged, INumberBase<T>
    {
        var result = new T[call.Output.Shape.ElementCount];
        ReadOnlySpan<T> values = call[1].AsSpan<T>();
        for (int i = 0; i < values.Length; i++)
            result[offsets[i / inner] + (i % inner)] += values[i];
        return [TensorData.Wrap(call[1].Type, call.Output.Shape, result)];
    }

    private static int[] TupleOffsets(TensorData tuples, Shape shape, out int inner)
    {
        int depth = tuples.Shape[-1];
        long[] indices = tuples.ToInt64Array();
        var strides = shape.Strides();
        inner = MovementKernels.Product(shape, depth, shape.Rank);
        var offsets = new int[depth == 0 ? MovementKernels.Product(tuples.Shape, 0, tuples.Shape.Rank - 1) : indices.Length / depth];
        for (int i = 0; i < offsets.Length; i++)
            for (int axis = 0; axis < depth; axis++)
            {
                long index = indices[(i * depth) + axis];
                index = index < 0 ? index + shape[axis] : index;
                if ((ulong)index >= (ulong)shape[axis])
                    throw new InvalidOperationException($"index {indices[(i * depth) + axis]} is outside axis {axis} of {shape}");
                offsets[i] += (int)(index * strides[axis]);
            }
        return offsets;
    }

    public static TensorData[] Selected(KernelCall call)
    {
        Shape shape = call.Output.Shape;
        Shape condition = call[0].Shape;
        if (call.Node.Operator is Select && condition.Rank == 1 && shape.Rank > 1)
            condition = new([condition[0], .. Enumerable.Repeat(1, shape.Rank - 1)]);
        int[] which = IndexMap.Broadcast(condition, shape), first = IndexMap.Broadcast(call[1].Shape, shape),
            second = IndexMap.Broadcast(call[2].Shape, shape);
        ReadOnlySpan<byte> flags = call[0].Bytes.Span;
        byte[] both = [.. call[1].Bytes.Span, .. call[2].Bytes.Span];
        var map = new int[which.Length];
        for (int i = 0; i < map.Length; i++)
            map[i] = flags[which[i]] != 0 ? first[i] : call[1].Count + second[i];
        return MovementKernels.Take(call, new TensorData(call[1].Type, [call[1].Count + call[2].Count], both), map);
    }

    public static TensorData[] Updated(KernelCall call)
    {
        long[] start = call[2].ToInt64Array();
        Shape shape = call[0].Shape, update = call[1].Shape;
        var strides = shape.Strides();
        long offset = 0;
        for (int axis = 0; axis < shape.Rank; axis++)
            offset += Math.Clamp(start[axis], 0, shape[axis] - update[axis]) * strides[axis];
        byte[] result = call[0].Bytes.ToArray();
        int size = call[0].Type.ByteSize();
        int[] targets = IndexMap.FromStrides(update, strides.AsSpan(), offset);
        for (int i = 0; i < targets.Length; i++)
            call[1].Bytes.Span.Slice(i * size, size).CopyTo(result.AsSpan(targets[i] * size));
        return [new(call[0].Type, shape, result)];
    }
}
