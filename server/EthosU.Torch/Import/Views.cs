using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Import;

namespace EthosU.Torch.Import;

/// <summary>Views of values as torch makes them (pt2-format 3).</summary>
internal static class Views
{
    /// <summary>The same elements in another shape: a view where the strides allow it, a copy otherwise.</summary>
    public static Value Reshape(GraphEmitter g, Value x, Shape shape)
    {
        if (shape.ElementCount != x.Shape.ElementCount)
            throw new UnsupportedOperatorException($"{x.Shape} does not fit into {shape}.",
                "If a size is free, give the size that the program was exported for.");
        return Strides(x.Shape, x.Strides, shape) is { } strides ? x.View(g, new ViewStep.Reshaped(shape), 0, strides)
            : new(new(g.Reshape(x.Read(g), shape)) { Form = x.Storage.Form });
    }

    /// <summary>The axes in another order.</summary>
    public static Value Permute(GraphEmitter g, Value x, int[] order) =>
        x.View(g, new ViewStep.Permuted([.. order]), 0, [.. order.Select(axis => x.Strides[axis])]);

    /// <summary>Elements along an axis, every so many.</summary>
    public static Value Part(GraphEmitter g, Value x, int axis, int start, int count, int step = 1) =>
        start == 0 && count == x.Shape[axis] && step == 1 ? x
        : x.View(g, new ViewStep.Part(axis, start, count, step), start * x.Strides[axis],
            x.Strides.SetItem(axis, x.Strides[axis] * step));

    /// <summary>One element along an axis, which goes.</summary>
    public static Value Select(GraphEmitter g, Value x, int axis, int index)
    {
        int size = x.Shape[axis], at = index < 0 ? index + size : index;
        if (at < 0 || at >= size)
            throw new UnsupportedOperatorException($"The index {index} is outside an axis of {size}.", "Check the exported program.");
        Value one = Part(g, x, axis, at, 1);
        return one.View(g, new ViewStep.Reshaped(x.Shape.Without(axis)), 0, x.Strides.RemoveAt(axis));
    }

    /// <summary>An axis of size 1 put in.</summary>
    public static Value Unsqueeze(GraphEmitter g, Value x, int axis) =>
        x.View(g, new ViewStep.Reshaped(new(x.Shape.Sizes.Insert(axis, 1))), 0, x.Strides.Insert(axis, 1));

    /// <summary>Axes of size 1 removed.</summary>
    public static Value Squeeze(GraphEmitter g, Value x, Func<int, bool> goes)
    {
        int[] left = [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => x.Shape[axis] != 1 || !goes(axis))];
        return left.Length == x.Shape.Rank ? x
            : x.View(g, new ViewStep.Reshaped([.. left.Select(axis => x.Shape[axis])]), 0, [.. left.Select(axis => x.Strides[axis])]);
    }

    /// <summary>Broadcast to sizes, of which −1 keeps an axis as it is.</summary>
    public static Value Expand(GraphEmitter g, Value x, int[] sizes)
    {
        int more = sizes.Length - x.Shape.Rank;
        if (more < 0)
            throw new UnsupportedOperatorException($"{x.Shape} does not broadcast to [{string.Join(", ", sizes)}].",
                "Check the exported program.");
        int[] wanted = [.. sizes.Select((size, axis) => size == -1 && axis >= more ? x.Shape[axis - more] : size)];
        if (x.Shape.Sizes.AsSpan().SequenceEqual(wanted))
            return x;
        ImmutableArray<long> strides = [.. wanted.Select((size, axis) => axis < more || (x.Shape[axis - more] == 1 && size != 1) ? 0
            : x.Strides[axis - more])];
        return x.View(g, new ViewStep.Expanded(new([.. wanted])), 0, strides);
    }

    /// <summary>Elements at places of the storage.</summary>
    public static Value Strided(GraphEmitter g, Value x, Shape shape, int[] strides, int? offset)
    {
        Value root = new(x.Storage);
        int[] places = new int[g.Listed(shape.ElementCount)];
        var dense = shape.Strides();
        for (int i = 0; i < places.Length; i++)
        {
            long place = offset ?? x.Offset;
            for (int axis = 0; axis < shape.Rank; axis++)
                place += i / dense[axis] % shape[axis] * strides[axis];
            if (place < 0 || place >= root.Shape.ElementCount)
                throw new UnsupportedOperatorException("Its sizes and strides reach outside of the tensor.", "Check the exported program.");
            places[i] = (int)place;
        }
        return root.View(g, new ViewStep.Picked(shape, [.. places]), offset ?? x.Offset, [.. strides.Select(static s => (long)s)]);
    }

    /// <summary>True if the elements lie in row-major order without gaps.</summary>
    public static bool IsContiguous(Value x)
    {
        var dense = x.Shape.Strides();
        return Enumerable.Range(0, x.Shape.Rank).All(axis => x.Shape[axis] == 1 || x.Strides[axis] == dense[axis]);
    }

    /// <summary>
    /// The strides of a view of other sizes; null if there is none. Axes that lie behind each other without gaps are one, which can be cut
    /// anew.
    /// </summary>
    private static ImmutableArray<long>? Strides(Shape from, ImmutableArray<long> strides, Shape to)
    {
        if (from.ElementCount == 0)
            return to.Strides();
        int[] axes = [.. Enumerable.Range(0, from.Rank).Where(axis => from[axis] != 1)];
        long[] result = new long[to.Rank];
        Array.Fill(result, 1);
        int next = to.Rank - 1, last = axes.Length - 1;
        while (last >= 0)
        {
            int first = last;
            long size = from[axes[last]], stride = strides[axes[last]];
            while (first > 0 && strides[axes[first - 1]] == strides[axes[first]] * from[axes[first]])
                size *= from[axes[--first]];
            for (; size > 1; next--)
            {
                if (next < 0 || size % to[next] != 0)
                    return null;
                result[next] = stride;
                stride *= to[next];
                size /= to[next];
            }
            last = first - 1;
        }
        return [.. result];
    }
}
