using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>Places tensors in one block of memory so that those alive at the same time do not overlap.</summary>
internal static class MemoryPlan
{
    private const int Alignment = 64;
    private const int FewEnough = 4096; // for a search whose time grows with the square

    /// <summary>Offsets in bytes (−1 for empty ranges) and the block's size.</summary>
    /// <exception cref="UnsupportedModelException">The block would be larger than an array can be.</exception>
    public static (int[] Offsets, int Bytes) Place(Range[] ranges) =>
        ranges.Count(static range => range.Bytes > 0) <= FewEnough ? BySize(ranges) : ByTime(ranges);

    /// <summary>In the order in which they are needed, each in the smallest free space that holds it.</summary>
    internal static (int[] Offsets, int Bytes) ByTime(Range[] ranges)
    {
        var offsets = new int[ranges.Length];
        Array.Fill(offsets, -1);
        FreeSpace free = new();
        PriorityQueue<int, int> alive = new();
        foreach (int i in Enumerable.Range(0, ranges.Length).Where(i => ranges[i].Bytes > 0).OrderBy(i => ranges[i].First))
        {
            while (alive.TryPeek(out int other, out int last) && last < ranges[i].First)
            {
                alive.Dequeue();
                free.Give(offsets[other], Aligned(ranges[other].Bytes));
            }
            long offset = free.Take(Aligned(ranges[i].Bytes));
            if (free.End > Array.MaxLength)
                throw TooLarge();
            offsets[i] = (int)offset;
            alive.Enqueue(i, ranges[i].Last);
        }
        return (offsets, (int)free.End);
    }

    private static UnsupportedModelException TooLarge() => new([new("interpreter-memory", FindingSeverity.Error,
        $"Its tensors need more than {Array.MaxLength} bytes at once.", "Use smaller inputs.", Source.None)]);

    /// <summary>Largest first, each at the lowest free place.</summary>
    internal static (int[] Offsets, int Bytes) BySize(Range[] ranges)
    {
        var offsets = new int[ranges.Length];
        Array.Fill(offsets, -1);
        List<int> placed = [];
        long end = 0;
        foreach (int i in Enumerable.Range(0, ranges.Length).Where(i => ranges[i].Bytes > 0).OrderByDescending(i => ranges[i].Bytes))
        {
            long offset = 0;
            foreach (int other in placed)
                if (ranges[other].First <= ranges[i].Last && ranges[i].First <= ranges[other].Last
                    && offset + ranges[i].Bytes > offsets[other])
                    offset = Math.Max(offset, Aligned(offsets[other] + ranges[other].Bytes));
            end = Math.Max(end, Aligned(offset + ranges[i].Bytes));
            if (end > Array.MaxLength)
                throw TooLarge();
            offsets[i] = (int)offset;
            int at = placed.FindIndex(other => offsets[other] > offset);
            placed.Insert(at < 0 ? placed.Count : at, i);
        }
        return (offsets, (int)end);
    }

    private static long Aligned(long value) => (value + Alignment - 1) / Alignment * Alignment;

    /// <summary>Steps from the one that writes a tensor to the last that reads it, and its size.</summary>
    internal readonly record struct Range(int First, int Last, long Bytes);
}
