using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Every so many elements along axes, as Python's slices say it.</summary>
public static class Slicing
{
    /// <summary>A part of a tensor.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="axes">The axes that are cut; negative ones count from the end.</param>
    /// <param name="starts">The first element of each; negative ones count from the end.</param>
    /// <param name="ends">Behind the last element of each; numbers beyond the axis stand for its ends.</param>
    /// <param name="steps">From one element to the next; negative for backwards.</param>
    /// <exception cref="UnsupportedOperatorException">A step is 0.</exception>
    public static Tensor Of(GraphEmitter g, Tensor x, int[] axes, int[] starts, int[] ends, int[] steps)
    {
        int rank = x.Shape.Rank;
        if (starts.Length != axes.Length || ends.Length != axes.Length || steps.Length != axes.Length)
            throw new UnsupportedOperatorException("Its starts, ends, axes and steps are not equally many.", "Check the exported model.");
        int[] begin = new int[rank], count = [.. x.Shape], stride = [.. Enumerable.Repeat(1, rank)];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = x.Shape.NormalizeAxis(axes[i]), n = x.Shape[axis], step = steps[i];
            if (step == 0)
                throw new UnsupportedOperatorException("A step of 0 is not possible.", "Check the exported model.");
            int first = Position(starts[i], n, step > 0 ? 0 : -1, step > 0 ? n : n - 1),
                last = Position(ends[i], n, step > 0 ? 0 : -1, step > 0 ? n : n - 1);
            begin[axis] = Math.Max(first, 0);
            stride[axis] = step;
            count[axis] = Math.Max(0, (int)Math.Ceiling((last - (double)first) / step));
        }
        if (count.SequenceEqual(x.Shape) && stride.All(s => s == 1))
            return x;
        if (stride.All(s => s == 1))
            return g.Emit(new Slice(), x, g.Integers(begin), g.Integers(count));
        int mask = 0;
        int[] end = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            end[axis] = begin[axis] + (count[axis] * stride[axis]);
            if (end[axis] < 0)
                mask |= 1 << axis; // to the very first element: a negative end would count from the back
            else if (stride[axis] > 0)
                end[axis] = Math.Min(end[axis], x.Shape[axis]);
        }
        return g.Emit(new StridedSlice(EndMask: mask), x, g.Integers(begin), g.Integers(end), g.Integers(stride));
    }

    private static int Position(int position, int size, int low, int high) =>
        (int)Math.Clamp(position < 0 ? (long)position + size : position, low, high);
}
