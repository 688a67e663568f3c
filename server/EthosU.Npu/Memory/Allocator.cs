using EthosU.Graphs;

namespace EthosU.Npu.Memory;

/// <summary>
/// Places pieces of memory so that those needed at the same time do not overlap and the whole is small: an order of placement is improved
/// step by step (npu-scheduling 4.6). Deterministic.
/// </summary>
internal static class Allocator
{
    /// <summary>Multiple of which every offset is; pieces may ask for larger ones.</summary>
    public const int Alignment = 16;

    private const long Work = 20_000_000;
    private const long DraftShare = 50;
    private const long MostPairs = 1 << 22; // of ranges alive at once; they are listed

    /// <summary>The least memory that any placement needs: the largest sum of what is needed at one step.</summary>
    public static long LowerBound(IReadOnlyList<LiveRange> ranges)
    {
        SortedDictionary<int, long> changes = [];
        foreach (LiveRange range in ranges)
        {
            changes[range.Start] = changes.GetValueOrDefault(range.Start) + Align(range.Size);
            changes[range.End + 1] = changes.GetValueOrDefault(range.End + 1) - Align(range.Size);
        }
        long live = 0, most = 0;
        foreach (long change in changes.Values)
            most = Math.Max(most, live += change);
        return most;
    }

    /// <summary>Places all ranges.</summary>
    public static Allocation Allocate(IReadOnlyList<LiveRange> ranges, CancellationToken cancellation = default) =>
        Allocate(ranges, isDraft: false, cancellation);

    /// <summary>Places all ranges.</summary>
    /// <param name="ranges">The ranges.</param>
    /// <param name="isDraft">True to find out quickly about how much they need.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static Allocation Allocate(IReadOnlyList<LiveRange> ranges, bool isDraft, CancellationToken cancellation)
    {
        if (ranges.Count == 0)
            return new([], 0);
        if (Pairs(ranges) > MostPairs)
            return ByTime(ranges);
        PlacementSearch search = new(ranges, isDraft ? Work / DraftShare : Work);
        search.Run(cancellation);
        return new([.. search.Best], search.BestSize);
    }

    /// <summary>How many pairs of ranges are needed at the same time.</summary>
    private static long Pairs(IReadOnlyList<LiveRange> ranges)
    {
        int[] starts = [.. ranges.Select(range => range.Start).Order()], ends = [.. ranges.Select(range => range.End).Order()];
        long pairs = 0;
        for (int i = 0, ended = 0; i < starts.Length; i++)
        {
            while (ends[ended] < starts[i])
                ended++;
            pairs += i - ended;
        }
        return pairs;
    }

    /// <summary>Places ranges in the order in which they are needed, each in the smallest free space that holds it.</summary>
    private static Allocation ByTime(IReadOnlyList<LiveRange> ranges)
    {
        long[] offsets = new long[ranges.Count], taken = new long[ranges.Count];
        FreeSpace free = new();
        PriorityQueue<int, (int End, int Index)> alive = new();
        foreach (int i in Enumerable.Range(0, ranges.Count).OrderBy(i => ranges[i].Start).ThenByDescending(i => ranges[i].Size)
            .ThenBy(i => i))
        {
            while (alive.TryPeek(out int other, out (int End, int Index) last) && last.End < ranges[i].Start)
            {
                alive.Dequeue();
                free.Give(taken[other], Room(ranges[other]));
            }
            taken[i] = free.Take(Room(ranges[i]));
            offsets[i] = Align(taken[i], ranges[i].Alignment);
            alive.Enqueue(i, (ranges[i].End, i));
        }
        return new([.. offsets], free.End);
    }

    /// <summary>Bytes in which a range finds an aligned place wherever they lie.</summary>
    private static long Room(LiveRange range) => Align(Math.Max(1, range.Size)) + range.Alignment - Alignment;

    /// <summary>The next multiple of the alignment.</summary>
    public static long Align(long size) => Align(size, Alignment);

    /// <summary>The next multiple of an alignment.</summary>
    public static long Align(long size, int alignment) => (size + alignment - 1) / alignment * alignment;
}
