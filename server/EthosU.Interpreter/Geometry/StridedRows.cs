namespace EthosU.Interpreter.Geometry;

/// <summary>Walks a tensor row by row; beside it goes the place in another one whose elements lie steps apart along each axis.</summary>
internal static class StridedRows
{
    /// <summary>Takes a result's elements from where the steps lead.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="result">Its elements in order; may be empty.</param>
    /// <param name="sizes">Sizes of the result, at least one axis.</param>
    /// <param name="steps">Elements of the source from one place of the result to the next, along each axis.</param>
    public static void Gather<T>(ReadOnlySpan<T> source, Span<T> result, ReadOnlySpan<int> sizes, ReadOnlySpan<int> steps)
        where T : unmanaged
    {
        int inner = sizes[^1], step = steps[^1], first = 0;
        Span<int> position = stackalloc int[sizes.Length];
        position.Clear();
        for (int start = 0; start < result.Length; start += inner)
        {
            Span<T> row = result.Slice(start, inner);
            for (int i = 0, from = first; i < row.Length; i++, from += step)
                row[i] = source[from];
            first = Next(first, position, sizes, steps);
        }
    }

    /// <summary>Goes on to the next row.</summary>
    /// <param name="first">Where the row's first element leads.</param>
    /// <param name="position">The row's place along each axis; that of the last one stays.</param>
    /// <param name="sizes">Sizes of the tensor walked.</param>
    /// <param name="steps">Steps along each axis.</param>
    /// <returns>Where the next row's first element leads.</returns>
    public static int Next(int first, Span<int> position, ReadOnlySpan<int> sizes, ReadOnlySpan<int> steps)
    {
        for (int axis = sizes.Length - 2; axis >= 0; axis--)
        {
            first += steps[axis];
            if (++position[axis] < sizes[axis])
                break;
            first -= steps[axis] * sizes[axis];
            position[axis] = 0;
        }
        return first;
    }
}
