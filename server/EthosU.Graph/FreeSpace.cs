namespace EthosU.Graphs;

/// <summary>The free parts of a block of memory that grows at its end.</summary>
public sealed class FreeSpace
{
    private readonly SortedSet<(long Bytes, long Offset)> bySize = [];
    private readonly Dictionary<long, long> ends = [], starts = []; // of free parts: the end by the start, and the start by the end

    /// <summary>The block's size so far.</summary>
    public long End { get; private set; }

    /// <summary>Takes the smallest free part that holds so many bytes, or more of the block's end.</summary>
    /// <param name="bytes">How many.</param>
    /// <returns>Its offset.</returns>
    public long Take(long bytes)
    {
        long start, end;
        if (bySize.GetViewBetween((bytes, 0), (long.MaxValue, 0)).Min is { Bytes: > 0 } fitting)
        {
            (start, end) = (fitting.Offset, fitting.Offset + fitting.Bytes);
            Remove(start, end);
        }
        else
        {
            end = End;
            if (starts.TryGetValue(End, out start))
                Remove(start, end);
            else
                start = End;
            End = end = start + bytes;
        }
        if (end > start + bytes)
            Add(start + bytes, end);
        return start;
    }

    /// <summary>Gives a part back.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="bytes">Its size: what was taken.</param>
    public void Give(long offset, long bytes)
    {
        long start = offset, end = offset + bytes;
        if (starts.TryGetValue(start, out long before))
            Remove(before, start);
        else
            before = start;
        if (ends.TryGetValue(end, out long behind))
            Remove(end, behind);
        else
            behind = end;
        Add(before, behind);
    }

    private void Add(long start, long end)
    {
        bySize.Add((end - start, start));
        (ends[start], starts[end]) = (end, start);
    }

    private void Remove(long start, long end)
    {
        bySize.Remove((end - start, start));
        ends.Remove(start);
        starts.Remove(end);
    }
}
