using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Tensors with elements put before and behind along their axes.</summary>
public static class Padded
{
    /// <summary>A tensor without what negative paddings cut off, and the paddings that are left.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="before">Elements put before, for each axis.</param>
    /// <param name="after">Elements put behind, for each axis.</param>
    public static (Tensor X, int[] Before, int[] After) Cut(GraphEmitter g, Tensor x, int[] before, int[] after)
    {
        if (before.Concat(after).All(pad => pad >= 0))
            return (x, before, after);
        int[] cut = [.. before.Select(pad => Math.Max(0, -pad))];
        int[] rest = [.. Enumerable.Range(0, x.Shape.Rank).Select(axis => x.Shape[axis] - cut[axis] - Math.Max(0, -after[axis]))];
        return (g.Emit(new Slice(), x, g.Integers(cut), g.Integers(rest)), [.. before.Select(pad => Math.Max(0, pad))],
            [.. after.Select(pad => Math.Max(0, pad))]);
    }

    /// <summary>With a number.</summary>
    public static Tensor ByConstant(GraphEmitter g, Tensor x, int[] before, int[] after, float value)
    {
        Tensor paddings = Paddings(g, before, after);
        return value == 0 ? g.Emit(new Pad(), x, paddings) : g.Emit(new PadV2(), x, paddings, g.Cast(g.Scalar(value), x.Type));
    }

    /// <summary>With a number that is computed.</summary>
    public static Tensor ByValue(GraphEmitter g, Tensor x, int[] before, int[] after, Tensor value)
    {
        Tensor paddings = Paddings(g, before, after);
        return g.Emit(new PadV2(), x, paddings, g.Reshape(value, Shape.Scalar));
    }

    /// <summary>With elements of the tensor itself.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="before">Elements put before, for each axis; none is negative.</param>
    /// <param name="after">Elements put behind, for each axis; none is negative.</param>
    /// <param name="mode">Which elements.</param>
    /// <exception cref="UnsupportedOperatorException">The tensor has none.</exception>
    public static Tensor ByElements(GraphEmitter g, Tensor x, int[] before, int[] after, PaddingMode mode)
    {
        Tensor paddings = Paddings(g, before, after);
        int rank = x.Shape.Rank;
        if (mode == PaddingMode.Reflect
            && Enumerable.Range(0, rank).All(axis => before[axis] < x.Shape[axis] && after[axis] < x.Shape[axis]))
            return g.Emit(new MirrorPad(false), x, paddings);
        if (x.Shape.ElementCount == 0)
            throw new UnsupportedOperatorException($"{x.Shape} has no elements to be padded with.", "Use the mode 'constant'.");
        for (int axis = 0; axis < rank; axis++)
            if (before[axis] + after[axis] > 0)
                x = g.Emit(new Gather(axis), x,
                    g.Integers([.. Enumerable.Range(-before[axis], g.Listed((long)x.Shape[axis] + before[axis] + after[axis]))
                    .Select(i => Source(mode, i, x.Shape[axis]))]));
        return x;
    }

    private static Tensor Paddings(GraphEmitter g, int[] before, int[] after) => g.Constant(
        TensorData.From([before.Length, 2], [.. before.SelectMany((pad, axis) => (int[])[pad, after[axis]])]), "paddings");

    private static int Source(PaddingMode mode, int position, int size)
    {
        switch (mode)
        {
            case PaddingMode.Edge:
                return Math.Clamp(position, 0, size - 1);
            case PaddingMode.Wrap:
                return ((position % size) + size) % size;
            default:
            {
                int period = Math.Max(1, (2 * size) - 2), place = ((position % period) + period) % period;
                return place < size ? place : period - place;
            }
        }
    }
}
