namespace EthosU.Import.Formulas;

/// <summary>How windows lie over an image, as a model says it: lists have a number for each spatial axis, one or two.</summary>
public sealed record WindowOptions
{
    /// <summary>Sizes of the window; null where weights say them.</summary>
    public int[]? Kernel { get; init; }

    /// <summary>Steps from one window to the next; null for 1.</summary>
    public int[]? Strides { get; init; }

    /// <summary>Distances of a window's cells; null for 1.</summary>
    public int[]? Dilations { get; init; }

    /// <summary>Padding before each axis; null for 0.</summary>
    public int[]? Begin { get; init; }

    /// <summary>Padding behind each axis; null for 0.</summary>
    public int[]? End { get; init; }

    /// <summary>Who chooses the padding.</summary>
    public AutoPadding Auto { get; init; }

    /// <summary>True if a last window that the padded image holds only in part counts, unless it starts in the padding.</summary>
    public bool CeilMode { get; init; }

    /// <summary>A list for height and width; a list of one number is that of the width.</summary>
    /// <param name="values">One or two numbers; null for the usual ones.</param>
    /// <param name="usual">What stands where none is given.</param>
    public static int[] Pair(int[]? values, int usual) =>
        values is null ? [usual, usual] : values.Length == 1 ? [usual, values[0]] : [values[0], values[1]];
}
