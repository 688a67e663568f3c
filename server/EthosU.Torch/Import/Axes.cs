using EthosU.Import;

namespace EthosU.Torch.Import;

/// <summary>Axes and ranges as torch counts them.</summary>
internal static class Axes
{
    /// <summary>An axis counted from the front; a scalar is taken for one of a single axis.</summary>
    /// <exception cref="UnsupportedOperatorException">There is no such axis.</exception>
    public static int Of(int axis, int rank)
    {
        int normalized = axis < 0 ? axis + Math.Max(rank, 1) : axis;
        return normalized >= 0 && normalized < Math.Max(rank, 1) ? normalized
            : throw new UnsupportedOperatorException($"A tensor of {rank} axes has no axis {axis}.", "Check the exported program.");
    }

    /// <summary>Axes counted from the front.</summary>
    public static int[] Of(int[] axes, int rank) => [.. axes.Select(axis => Of(axis, rank))];

    /// <summary>The axes to reduce, none meaning all; a scalar has none.</summary>
    public static int[] OrAll(int[]? axes, int rank) => rank == 0 ? []
        : axes is null or [] ? [.. Enumerable.Range(0, rank)] : [.. Of(axes, rank).Distinct().Order()];

    /// <summary>First element and number of elements of a slice; numbers beyond the axis stand for its ends.</summary>
    public static (int Start, int Count) Range(int size, int? start, int? end, int step)
    {
        if (step < 1)
            throw new UnsupportedOperatorException($"A step of {step} is not possible.", "Check the exported program.");
        int first = Position(start ?? 0, size), last = Math.Max(first, Position(end ?? size, size));
        return (first, (int)(((long)last - first + step - 1) / step));
    }

    /// <summary>An axis in pieces of a size; the last may be smaller.</summary>
    public static int[] Pieces(int size, int piece) =>
        size == 0 ? [0] : [.. Enumerable.Range(0, ((size - 1) / piece) + 1).Select(i => Math.Min(piece, size - (i * piece)))];

    private static int Position(int position, int size) => (int)Math.Clamp(position < 0 ? (long)position + size : position, 0, size);
}
