using System.Numerics;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Movement;

/// <summary>Operators that move elements without looking at them, for every type (tflite-kernels 3.11).</summary>
internal static class MovementKernels
{
    public static Func<KernelCall, TensorData[]>? Find(Node node) => node.Operator switch
    {
        Reshape or Squeeze or ExpandDims => call => [new(call[0].Type, call.Output.Shape, call[0].Bytes)],
        Bitcast => call => [new(call.Output.Type, call.Output.Shape, call[0].Bytes)],
        Transpose => call => [Permutation.Apply(call[0], call[1].ToInt32Array())],
        Slice => Sliced,
        StridedSlice => StridedSliced,
        Pad or PadV2 => Padded,
        MirrorPad => Mirrored,
        Tile or BroadcastTo => Repeated,
        Concatenation => Joined,
        Pack => Packed,
        Split or SplitV => call => SplitApart(call, call.Node.Operator is Split ? 1 : 0),
        Unpack => Unpacked,
        Gather => Gathered,
        GatherNd => GatheredNd,
        EmbeddingLookup when node.Output.Type == node.Input(1).Type => LookedUp,
        ReverseV2 => Reversed,
        ReverseSequence => SequenceMap.Reversed,
        SpaceToDepth or DepthToSpace => BlockMaps.SpaceDepth,
        SpaceToBatchNd or BatchToSpaceNd => BlockMaps.SpaceBatch,
        Resize { Kind: ResizeKind.Nearest } => BlockMaps.NearestResize,
        Select or SelectV2 => Selected,
        DynamicUpdateSlice => Updated,
        ScatterNd when node.Input(1).Type != ElementType.Int8 => Scattered,
        ShapeOf => call => [Integers(call, [.. call[0].Shape])],
        Rank => call => [Integers(call, [call[0].Shape.Rank])],
        Fill => call => [IndexMap.Take(call[1], call.Output.Shape, new int[call.Output.Shape.ElementCount])],
        _ => null,
    };

    private static TensorData Integers(KernelCall call, long[] values) => call.Output.Type == ElementType.Int64
        ? call.Result(values)
        : call.Result(Array.ConvertAll(values, v => (int)v));

    private static TensorData[] Take(KernelCall call, TensorData source, int[] map, ReadOnlySpan<byte> fill = default) =>
        [IndexMap.Take(source, call.Output.Shape, map, fill)];

    private static TensorData[] Sliced(KernelCall call)
    {
        var strides = call[0].Shape.Strides();
        int[] begin = call[1].ToInt32Array();
        long start = 0;
        for (int axis = 0; axis < begin.Length; axis++)
            start += begin[axis] * strides[axis];
        return Take(call, call[0], IndexMap.FromStrides(call.Output.Shape, strides.AsSpan(), start));
    }

    private static TensorData[] StridedSliced(KernelCall call)
    {
        var geometry = StridedSliceGeometry.Resolve((StridedSlice)call.Node.Operator, call[0].Shape,
            call[1].ToInt32Array(), call[2].ToInt32Array(), call[3].ToInt32Array());
        var strides = call[0].Shape.Strides();
        long start = 0;
        var steps = new long[strides.Length];
        for (int axis = 0; axis < steps.Length; axis++)
        {
            start += geometry.Begin[axis] * strides[axis];
            steps[axis] = geometry.Stride[axis] * strides[axis];
        }
        return Take(call, call[0], IndexMap.FromStrides(new Shape(geometry.Count), steps, start));
    }

    private static TensorData[] Padded(KernelCall call)
    {
        int[] paddings = call[1].ToInt32Array();
        byte[] fill = new byte[call[0].Type.ByteSize()];
        if (call.TryInput(2) is { } value)
            value.Bytes.CopyTo(fill);
        else if (call.Output is { Type: ElementType.Int8 or ElementType.UInt8, Quantization: { } quantization })
            fill[0] = (byte)quantization.ZeroPoint;
        int[] map = MapPositions(call, (axis, position) =>
        {
            int source = position - paddings[2 * axis];
            return (uint)source < (uint)call[0].Shape[axis] ? source : IndexMap.Outside;
        });
        return Take(call, call[0], map, fill);
    }

    private static TensorData[] Mirrored(KernelCall call)
    {
        int[] paddings = call[1].ToInt32Array();
        int edge = ((MirrorPad)call.Node.Operator).Symmetric ? 1 : 0;
        return Take(call, call[0], MapPositions(call, (axis, position) =>
        {
            int size = call[0].Shape[axis], source = position - paddings[2 * axis];
            source = source < 0 ? -source - edge : source;
            return source >= size ? (2 * size) - 2 - source + edge : source;
        }));
    }

    private static TensorData[] Repeated(KernelCall call)
    {
        Shape source = call[0].Shape;
        int lead = call.Output.Shape.Rank - source.Rank;
        Shape aligned = new([.. Enumerable.Repeat(1, lead), .. source]);
        return Take(call with { Inputs = [call[0].Reshape(aligned)] }, call[0].Reshape(aligned),
            MapPositions(call.Output.Shape, aligned, (axis, position) => position % aligned[axis]));
    }

    private static TensorData[] Reversed(KernelCall call)
    {
        int[] axes = Array.ConvertAll(call[1].ToInt32Array(), axis => call[0].Shape.NormalizeAxis(axis));
        return Take(call, call[0], MapPositions(call, (axis, position) =>
            Array.IndexOf(axes, axis) >= 0 ? call[0].Shape[axis] - 1 - position : position));
    }

    private static TensorData[] Joined(KernelCall call)
    {
        Shape shape = call.Output.Shape;
        int axis = shape.NormalizeAxis(((Concatenation)call.Node.Operator).Axis);
        return [Join(call, [.. call.Inputs.Select(input => input!)], axis)];
    }

    private static TensorData[] Packed(KernelCall call)
    {
        int axis = call.Output.Shape.NormalizeAxis(((Pack)call.Node.Operator).Axis);
        return [Join(call, [.. call.Inputs.Select(input => input!.Reshape(new(input!.Shape.Sizes.Insert(axis, 1))))], axis)];
    }

    private static TensorData Join(KernelCall call, TensorData[] parts, int axis)
    {
        int size = call.Output.Type.ByteSize();
        byte[] result = new byte[call.Output.Shape.ElementCount * size];
        int outer = Product(call.Output.Shape, 0, axis), position = 0;
        for (int i = 0; i < outer; i++)
        {
            foreach (TensorData part in parts)
            {
                int run = Product(part.Shape, axis, part.Shape.Rank) * size;
                part.Bytes.Span.Slice(i * run, run).CopyTo(result.AsSpan(position));
                position += run;
            }
        }
        return new(call.Output.Type, call.Output.Shape, result);
    }

    private static TensorData[] SplitApart(KernelCall call, int index)
    {
        TensorData source = call[index];
        int axis = source.Shape.NormalizeAxis(call[index == 1 ? 0 : 2].ToInt32Array()[0]);
        return Cut(call, source, axis);
    }

    private static TensorData[] Unpacked(KernelCall call) =>
        Cut(call, call[0], call[0].Shape.NormalizeAxis(((Unpack)call.Node.Operator).Axis));

    private static TensorData[] Cut(KernelCall call, TensorData source, int axis)
    {
        int size = source.Type.ByteSize(), outer = Product(source.Shape, 0, axis),
            inner = Product(source.Shape, axis + 1, source.Shape.Rank);
        var results = new TensorData[call.Node.Outputs.Length];
        int start = 0, pitch = source.Shape[axis] * inner * size;
        for (int part = 0; part < results.Length; part++)
        {
            Shape shape = call.Node.Outputs[part].Shape;
            int run = checked((int)(shape.ElementCount / Math.Max(outer, 1))) * size;
            byte[] bytes = new byte[shape.ElementCount * size];
            for (int i = 0; i < outer; i++)
                source.Bytes.Span.Slice((i * pitch) + start, run).CopyTo(bytes.AsSpan(i * run));
            start += run;
            results[part] = new(source.Type, shape, bytes);
        }
        return results;
    }

    private static TensorData[] Gathered(KernelCall call)
    {
        var op = (Gather)call.Node.Operator;
        Shape shape = call[0].Shape, indexShape = call[1].Shape;
        int axis = shape.NormalizeAxis(op.Axis), batch = op.BatchDims < 0 ? op.BatchDims + indexShape.Rank : op.BatchDims;
        long[] indices = call[1].ToInt64Array();
        int batches = Product(shape, 0, batch), outer = Product(shape, batch, axis), inner = Product(shape, axis + 1, shape.Rank);
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
        return Take(call, call[0], map);
    }

    private static TensorData[] LookedUp(KernelCall call)
    {
        Node gather = new(new Gather(0), [call.Node.Inputs[1], call.Node.Inputs[0]], call.Node.Outputs);
        return Gathered(call with { Node = gather, Inputs = [call[1], call[0]] });
    }

    private static TensorData[] GatheredNd(KernelCall call)
    {
        int[] offsets = TupleOffsets(call[1], call[0].Shape, out int inner);
        var map = new int[call.Output.Shape.ElementCount];
        for (int i = 0; i < map.Length; i++)
            map[i] = offsets[i / inner] + (i % inner);
        return Take(call, call[0], map);
    }

    private static TensorData[] Scattered(KernelCall call)
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
            return Take(call, call[1], map);
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
        inner = Product(shape, depth, shape.Rank);
        var offsets = new int[depth == 0 ? Product(tuples.Shape, 0, tuples.Shape.Rank - 1) : indices.Length / depth];
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

    private static TensorData[] Selected(KernelCall call)
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
        return Take(call, new TensorData(call[1].Type, [call[1].Count + call[2].Count], both), map);
    }

    private static TensorData[] Updated(KernelCall call)
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

    private static int[] MapPositions(KernelCall call, Func<int, int, int> source) =>
        MapPositions(call.Output.Shape, call[0].Shape, source);

    /// <summary>
    /// For each element of a result, the position in a source whose coordinate along each axis depends on that axis alone.
    /// </summary>
    private static int[] MapPositions(Shape result, Shape source, Func<int, int, int> coordinate)
    {
        int[] map = [0];
        var strides = source.Strides();
        for (int axis = 0; axis < result.Rank; axis++)
        {
            var next = new int[checked(map.Length * result[axis])];
            for (int position = 0; position < result[axis]; position++)
            {
                int from = coordinate(axis, position);
                for (int i = 0; i < map.Length; i++)
                    next[(i * result[axis]) + position] = from == IndexMap.Outside || map[i] == IndexMap.Outside
                        ? IndexMap.Outside
                        : map[i] + (int)(from * strides[axis]);
            }
            map = next;
        }
        return map;
    }

    private static int Product(Shape shape, int from, int to)
    {
        int product = 1;
        for (int axis = from; axis < to; axis++)
            product *= shape[axis];
        return product;
    }
}
