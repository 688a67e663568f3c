using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Tensors of which a part is replaced.</summary>
public static class Replacing
{
    /// <summary>Replaces slices along an axis.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="part">What comes in their place; its size along the axis says how many they are.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="start">The first slice.</param>
    /// <param name="step">From one slice to the next; not negative.</param>
    public static Tensor Slices(GraphEmitter g, Tensor x, Tensor part, int axis, int start, int step)
    {
        int size = x.Shape[axis], count = part.Shape[axis];
        if (count == 0)
            return x;
        if (count == size)
            return part;
        if (step == 1)
        {
            List<Tensor> parts = [];
            if (start > 0)
                parts.Add(g.SliceAxis(x, axis, 0, start));
            parts.Add(part);
            if (start + count < size)
                parts.Add(g.SliceAxis(x, axis, start + count, size - start - count));
            return g.Concat(axis, parts);
        }
        int[] from = [.. Enumerable.Range(0, g.Listed(size))
            .Select(i => i >= start && (i - start) % step == 0 && (i - start) / step < count ? size + ((i - start) / step) : i)];
        return g.Emit(new Gather(axis), g.Concat(axis, [x, part]), g.Integers(from));
    }

    /// <summary>Replaces elements at places of the flat tensor, which are all different.</summary>
    public static Tensor At(GraphEmitter g, Tensor x, Tensor part, ReadOnlySpan<int> places)
    {
        int count = g.Listed(x.Shape.ElementCount);
        int[] from = [.. Enumerable.Range(0, count)];
        for (int i = 0; i < places.Length; i++)
        {
            if (from[places[i]] != places[i])
                throw new UnsupportedOperatorException("It changes a tensor of which several elements are one.",
                    "Clone the tensor before it is changed in place.");
            from[places[i]] = count + i;
        }
        Tensor both = g.Concat(0, [g.Reshape(x, [count]), g.Reshape(part, [places.Length])]);
        return g.Reshape(g.Emit(new Gather(0), both, g.Integers(from)), x.Shape);
    }
}
