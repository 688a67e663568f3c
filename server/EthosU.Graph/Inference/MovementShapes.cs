using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>Operators that move elements without changing them.</summary>
internal static class MovementShapes
{
    public static TensorType Infer(Operator op, Operands x)
    {
        Tensor input = op is Concatenation or Pack && x.All.Length == 0 ? throw x.Error("it needs an input") : x[0];
        return new(input.Type, ShapeOf(op, input.Shape, x), input.Quantization);
    }

    private static Shape ShapeOf(Operator op, Shape shape, Operands x)
    {
        switch (op)
        {
            case Reshape:
                return Reshaped(shape, x);
            case Squeeze squeeze:
            {
                HashSet<int> axes = [.. squeeze.Axes.Select(axis => x.Axis(shape, axis))];
                if (axes.Any(axis => shape[axis] != 1))
                    throw x.Error($"axes [{string.Join(", ", squeeze.Axes)}] of {shape} are not all of size 1");
                return new([.. shape.Where((size, axis) => axes.Count == 0 ? size != 1 : !axes.Contains(axis))]);
            }
            case ExpandDims:
            {
                int axis = x.Integers(1)[0];
                axis = axis < 0 ? axis + shape.Rank + 1 : axis;
                return (uint)axis <= (uint)shape.Rank ? new(shape.Sizes.Insert(axis, 1)) : throw x.Error($"axis {axis} is outside {shape}");
            }
            case Transpose:
            {
                int[] permutation = x.Integers(1);
                if (permutation.Length != shape.Rank || !permutation.Order().SequenceEqual(Enumerable.Range(0, shape.Rank)))
                    throw x.Error($"[{string.Join(", ", permutation)}] is no permutation of the axes of {shape}");
                return shape.Permute(permutation);
            }
            case Concatenation concat:
                return Joined(shape, concat, x);
            case Pack pack:
            {
                int axis = pack.Axis < 0 ? pack.Axis + shape.Rank + 1 : pack.Axis;
                if (axis < 0 || axis > shape.Rank || x.All.Any(t => t is null || t.Shape != shape))
                    throw x.Error($"the inputs do not all have shape {shape}, or axis {pack.Axis} is outside");
                return new(shape.Sizes.Insert(axis, x.All.Length));
            }
            case Slice:
                return Sliced(shape, x.Integers(1), x.Integers(2), x);
            case StridedSlice strided:
                return StridedSliceGeometry.Resolve(strided, shape, x.Integers(1), x.Integers(2), x.Integers(3)).OutputShape;
            case Pad or PadV2 or MirrorPad:
            {
                int[] paddings = x.Integers(1);
                if (paddings.Length != 2 * shape.Rank || paddings.Any(padding => padding < 0))
                    throw x.Error($"paddings [{string.Join(", ", paddings)}] do not suit {shape}");
                return new([.. shape.Select((size, axis) => checked(size + paddings[2 * axis] + paddings[(2 * axis) + 1]))]);
            }
            case Tile:
            {
                int[] multiples = x.Integers(1);
                return multiples.Length == shape.Rank
                    ? new([.. shape.Zip(multiples, (size, multiple) => checked(size * multiple))])
                    : throw x.Error($"{multiples.Length} multiples do not suit {shape}");
            }
            case BroadcastTo:
            {
                Shape target = new([.. x.Integers(1)]);
                return Shape.TryBroadcast(shape, target, out Shape result) && result == target
                    ? target
                    : throw x.Error($"{shape} does not broadcast to {target}");
            }
            case SpaceToDepth s2d:
            {
                int b = s2d.BlockSize;
                Shape s = x.Ranked(0, 4).Shape;
                return b > 0 && s[1] % b == 0 && s[2] % b == 0
                    ? [s[0], s[1] / b, s[2] / b, checked(s[3] * b * b)]
                    : throw x.Error($"blocks of {b} do not suit {s}");
            }
            case DepthToSpace d2s:
            {
                int b = d2s.BlockSize;
                Shape s = x.Ranked(0, 4).Shape;
                return b > 0 && s[3] % ((long)b * b) == 0
                    ? [s[0], checked(s[1] * b), checked(s[2] * b), (int)(s[3] / ((long)b * b))]
                    : throw x.Error($"blocks of {b} do not suit {s}");
            }
            case SpaceToBatchNd or BatchToSpaceNd:
                return Blocked(op is SpaceToBatchNd, shape, x);
            case Resize:
            {
                int[] size = x.Integers(1);
                Shape s = x.Ranked(0, 4).Shape;
                return size.Length == 2 && size[0] > 0 && size[1] > 0
                    ? [s[0], size[0], size[1], s[3]]
                    : throw x.Error($"[{string.Join(", ", size)}] is no height and width");
            }
            case ReverseV2 or ReverseSequence:
                return shape;
            default:
                throw x.Error("no rule of inference");
        }
    }

    private static Shape Reshaped(Shape shape, Operands x)
    {
        int[] sizes = x.Integers(1);
        int open = Array.IndexOf(sizes, -1);
        if (open >= 0)
        {
            long known = 1;
            for (int i = 0; i < sizes.Length; i++)
                known = checked(known * (i == open ? 1 : sizes[i]));
            sizes[open] = known == 0 ? 0 : checked((int)(shape.ElementCount / known));
        }
        Shape result = new([.. sizes]);
        return result.ElementCount == shape.ElementCount ? result : throw x.Error($"{shape} does not fit into {result}");
    }

    private static Shape Joined(Shape shape, Concatenation concat, Operands x)
    {
        int axis = x.Axis(shape, concat.Axis);
        int total = 0;
        foreach (Tensor? tensor in x.All)
        {
            if (tensor is null || tensor.Shape.Rank != shape.Rank || tensor.Shape.With(axis, 0) != shape.With(axis, 0))
                throw x.Error($"{tensor?.Shape} does not suit {shape} along axis {axis}");
            total = checked(total + tensor.Shape[axis]);
        }
        return shape.With(axis, total);
    }

    private static Shape Sliced(Shape shape, int[] begin, int[] size, Operands x)
    {
        if (begin.Length != shape.Rank || size.Length != shape.Rank)
            throw x.Error($"begin and size do not suit {shape}");
        var sizes = ImmutableArray.CreateBuilder<int>(shape.Rank);
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            int length = size[axis] == -1 ? shape[axis] - begin[axis] : size[axis];
            if (begin[axis] < 0 || length < 0 || (long)begin[axis] + length > shape[axis])
                throw x.Error($"begin {begin[axis]} and size {size[axis]} leave axis {axis} of {shape}");
            sizes.Add(length);
        }
        return new(sizes.MoveToImmutable());
    }

    private static Shape Blocked(bool toBatch, Shape shape, Operands x)
    {
        int[] block = x.Integers(1), edges = x.Integers(2);
        if (edges.Length != 2 * block.Length || block.Length + 1 > shape.Rank || block.Any(b => b < 1) || edges.Any(e => e < 0))
            throw x.Error($"block and edges do not suit {shape}");
        int[] sizes = [.. shape];
        foreach (int b in block)
        {
            if (!toBatch && sizes[0] % b != 0)
                throw x.Error($"a batch of {shape[0]} does not divide by the block");
            sizes[0] = toBatch ? checked(sizes[0] * b) : sizes[0] / b;
        }
        for (int i = 0; i < block.Length; i++)
        {
            int edge = checked(edges[2 * i] + edges[(2 * i) + 1]);
            sizes[i + 1] = toBatch ? checked(sizes[i + 1] + edge) : checked((sizes[i + 1] * block[i]) - edge);
            if (sizes[i + 1] < 0 || (toBatch && sizes[i + 1] % block[i] != 0))
                throw x.Error($"axis {i + 1} of {shape} does not divide by the block");
            sizes[i + 1] = toBatch ? sizes[i + 1] / block[i] : sizes[i + 1];
        }
        return new([.. sizes]);
    }
}
