namespace EthosU.Npu.Memory;

/// <summary>Looks for the order in which ranges are best placed, each at the lowest free place (npu-scheduling 4.6).</summary>
internal sealed class PlacementSearch
{
    private readonly LiveRange[] ranges;
    private readonly int[][] neighbours;
    private readonly long[] offsets;
    private readonly int[] placedAt, predecessors;
    private readonly long bound;
    private readonly List<(long Start, long End, int Index)> occupied = [];
    private uint random = 0x9E3779B9;

    private readonly long work;

    public PlacementSearch(IReadOnlyList<LiveRange> given, long work)
    {
        this.work = work;
        ranges = [.. given.Select(range => range with { Size = Allocator.Align(Math.Max(1, range.Size)) })];
        neighbours = FindNeighbours(ranges);
        offsets = new long[ranges.Length];
        placedAt = new int[ranges.Length];
        predecessors = new int[ranges.Length];
        Best = new long[ranges.Length];
        bound = Allocator.LowerBound(ranges);
    }

    public long[] Best { get; }

    public long BestSize { get; private set; } = long.MaxValue;

    public void Run(CancellationToken cancellation)
    {
        int[] best = [];
        foreach (int[] order in Orders())
        {
            if (Place(order, BestSize - 1) < BestSize)
            {
                best = order;
                Keep();
            }
            if (BestSize <= bound)
                return;
        }
        Improve(best, cancellation);
    }

    /// <summary>Orders that are good to begin with; the first one is largest first.</summary>
    private IEnumerable<int[]> Orders()
    {
        int[] all = [.. Enumerable.Range(0, ranges.Length)];
        long[] urgency = Urgency();
        yield return [.. all.OrderByDescending(i => ranges[i].Size).ThenBy(i => ranges[i].Start).ThenBy(i => i)];
        yield return
        [
            .. all.OrderByDescending(i => urgency[i]).ThenByDescending(i => ranges[i].End - ranges[i].Start)
                .ThenBy(i => ranges[i].Start).ThenByDescending(i => ranges[i].Size).ThenBy(i => i),
        ];
        yield return [.. all.OrderByDescending(i => ranges[i].End - ranges[i].Start).ThenByDescending(i => ranges[i].Size)
            .ThenBy(i => i)];
        yield return [.. all.OrderBy(i => ranges[i].Start).ThenByDescending(i => ranges[i].End).ThenBy(i => i)];
    }

    /// <summary>For each range the most bytes that are needed at any step of its life.</summary>
    private long[] Urgency()
    {
        SortedDictionary<int, long> changes = [];
        foreach (LiveRange range in ranges)
        {
            changes[range.Start] = changes.GetValueOrDefault(range.Start) + range.Size;
            changes[range.End + 1] = changes.GetValueOrDefault(range.End + 1) - range.Size;
        }
        List<(int Step, long Live)> steps = [];
        long live = 0;
        foreach ((int step, long change) in changes)
            steps.Add((step, live += change));
        var urgency = new long[ranges.Length];
        for (int i = 0; i < ranges.Length; i++)
            for (int s = Find(steps, ranges[i].Start); s < steps.Count && steps[s].Step <= ranges[i].End; s++)
                urgency[i] = Math.Max(urgency[i], steps[s].Live);
        return urgency;
    }

    private static int Find(List<(int Step, long Live)> steps, int step)
    {
        int low = 0, high = steps.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (steps[middle].Step < step)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static int[][] FindNeighbours(LiveRange[] ranges)
    {
        var lists = new List<int>[ranges.Length];
        for (int i = 0; i < ranges.Length; i++)
            lists[i] = [];
        int[] byStart = [.. Enumerable.Range(0, ranges.Length).OrderBy(i => ranges[i].Start).ThenBy(i => i)];
        List<int> alive = [];
        foreach (int i in byStart)
        {
            alive.RemoveAll(j => ranges[j].End < ranges[i].Start);
            foreach (int j in alive)
            {
                lists[i].Add(j);
                lists[j].Add(i);
            }
            alive.Add(i);
        }
        return [.. lists.Select(list => list.ToArray())];
    }

    /// <summary>Places in an order, each at the lowest free place; gives up beyond a limit.</summary>
    /// <returns>Bytes used, or <see cref="long.MaxValue"/>.</returns>
    private long Place(int[] order, long limit)
    {
        Array.Fill(placedAt, -1);
        long size = 0;
        for (int turn = 0; turn < order.Length; turn++)
        {
            int index = order[turn];
            occupied.Clear();
            foreach (int other in neighbours[index])
                if (placedAt[other] >= 0)
                    occupied.Add((offsets[other], offsets[other] + ranges[other].Size, other));
            occupied.Sort();
            long offset = 0;
            int predecessor = -1;
            foreach ((long start, long end, int other) in occupied)
            {
                if (start >= offset + ranges[index].Size)
                    break;
                if (end > offset)
                {
                    offset = Allocator.Align(end, ranges[index].Alignment);
                    predecessor = other;
                }
            }
            offsets[index] = offset;
            placedAt[index] = turn;
            predecessors[index] = predecessor;
            size = Math.Max(size, offset + ranges[index].Size);
            if (size > limit)
                return long.MaxValue;
        }
        return size;
    }

    private void Keep()
    {
        offsets.CopyTo(Best, 0);
        BestSize = 0;
        for (int i = 0; i < ranges.Length; i++)
            BestSize = Math.Max(BestSize, offsets[i] + ranges[i].Size);
    }

    /// <summary>Swaps turns of ranges that push the highest one up, as long as the result does not get worse.</summary>
    private void Improve(int[] order, CancellationToken cancellation)
    {
        long cost = Math.Max(1, neighbours.Sum(list => (long)list.Length + 1));
        int limit = (int)Math.Clamp(work / cost / 8, 20, 4000), last = 0;
        order = [.. order];
        Place(order, long.MaxValue);
        for (int i = 0; i < limit && i - last < 600 && BestSize > bound; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            List<int> candidates = Candidates(i - last > 50);
            if (candidates.Count < 2)
                return;
            int first = candidates[Next(candidates.Count)], second = candidates[Next(candidates.Count)];
            if (first == second)
                second = candidates[^1];
            if (first == second)
                continue;
            (order[first], order[second]) = (order[second], order[first]);
            long size = Place(order, BestSize);
            if (size > BestSize)
            {
                (order[first], order[second]) = (order[second], order[first]);
                Place(order, long.MaxValue);
                continue;
            }
            if (size < BestSize)
                last = i;
            Keep();
        }
    }

    /// <summary>Turns of the highest range, its neighbours and everything they rest on.</summary>
    private List<int> Candidates(bool wide)
    {
        int top = 0;
        for (int i = 1; i < ranges.Length; i++)
            if (offsets[i] + ranges[i].Size > offsets[top] + ranges[top].Size)
                top = i;
        SortedSet<int> found = [];
        Stack<int> open = new([top, .. neighbours[top]]);
        while (open.TryPop(out int index))
        {
            if (!found.Add(placedAt[index]))
                continue;
            if (predecessors[index] >= 0)
                open.Push(predecessors[index]);
            if (wide)
                foreach (int neighbour in neighbours[index])
                    open.Push(neighbour);
        }
        return [.. found];
    }

    private int Next(int count)
    {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return (int)(random % (uint)count);
    }
}
