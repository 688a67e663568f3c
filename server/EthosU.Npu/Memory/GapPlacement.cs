namespace EthosU.Npu.Memory;

/// <summary>Places further pieces where an allocation has left room.</summary>
internal sealed class GapPlacement
{
    private readonly List<(LiveRange Range, long Start, long End)> pieces;

    /// <summary>Begins with what has a place already.</summary>
    public GapPlacement(IEnumerable<(LiveRange Range, long Offset)> placed)
    {
        pieces = [.. placed.Select(piece => (piece.Range, piece.Offset, piece.Offset + Allocator.Align(piece.Range.Size)))];
        Size = pieces.Count == 0 ? 0 : pieces.Max(piece => piece.End);
    }

    /// <summary>Bytes up to the last one used.</summary>
    public long Size { get; private set; }

    /// <summary>The lowest place that is free all the time; false if it would end behind <paramref name="limit"/>.</summary>
    public bool TryPlace(LiveRange range, long limit, out long offset)
    {
        long size = Allocator.Align(range.Size);
        offset = 0;
        foreach ((_, long start, long end) in pieces.Where(piece => piece.Range.Overlaps(range)).OrderBy(piece => piece.Start))
        {
            if (start - offset >= size)
                break;
            offset = Math.Max(offset, end);
        }
        if (offset + size > limit)
            return false;
        pieces.Add((range, offset, offset + size));
        Size = Math.Max(Size, offset + size);
        return true;
    }
}
