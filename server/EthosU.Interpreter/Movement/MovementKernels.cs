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
        Concatenation => JoinKernels.Joined,
        Pack => JoinKernels.Packed,
        Split or SplitV => call => JoinKernels.SplitApart(call, call.Node.Operator is Split ? 1 : 0),
        Unpack => JoinKernels.Unpacked,
        Gather => IndexedKernels.Gathered,
        GatherNd => IndexedKernels.GatheredNd,
        EmbeddingLookup when node.Output.Type == node.Input(1).Type => IndexedKernels.LookedUp,
        ReverseV2 => Reversed,
        ReverseSequence => SequenceMap.Reversed,
        SpaceToDepth or DepthToSpace => BlockMaps.SpaceDepth,
        SpaceToBatchNd or BatchToSpaceNd => BlockMaps.SpaceBatch,
        Resize { Kind: ResizeKind.Nearest } => BlockMaps.NearestResize,
        Select or SelectV2 => IndexedKernels.Selected,
        DynamicUpdateSlice => IndexedKernels.Updated,
        ScatterNd when node.Input(1).Type != ElementType.Int8 => IndexedKernels.Scattered,
        ShapeOf => call => [Integers(call, [.. call[0].Shape])],
        Rank => call => [Integers(call, [call[0].Shape.Rank])],
        Fill => call => [IndexMap.Take(call[1], call.Output.Shape, new int[call.Output.Shape.ElementCount])],
        _ => null,
    };

    private static TensorData Integers(KernelCall call, long[] values) => call.Output.Type == ElementType.Int64
        ? call.Result(values)
        : call.Result(Array.ConvertAll(values, v => (int)v));

    /// <summary>The result whose elements lie where a map says in a source.</summary>
    public static TensorData[] Take(KernelCall call, TensorData source, int[] map, ReadOnlySpan<byte> fill = default) =>
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

    /// <summary>The product of some of a shape's sizes.</summary>
    public static int Product(Shape shape, int from, int to)
    {
        int product = 1;
        for (int axis = from; axis < to; axis++)
            product *= shape[axis];
        return product;
    }
}
