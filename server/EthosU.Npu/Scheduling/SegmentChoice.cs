using System.Collections.Immutable;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Chooses the segments of a run. As what lies between segments is whole, the memory of one does not depend on how the others are cut:
/// the best choice is a shortest path.
/// </summary>
internal sealed class SegmentChoice
{
    private readonly int count;
    private readonly List<Segment>[] endingAt;

    /// <summary>Takes all segments.</summary>
    /// <param name="count">Number of operations.</param>
    /// <param name="segments">Among them one for each operation by itself.</param>
    public SegmentChoice(int count, IEnumerable<Segment> segments)
    {
        this.count = count;
        endingAt = [.. Enumerable.Range(0, count + 1).Select(static _ => new List<Segment>())];
        foreach (Segment segment in segments)
            endingAt[segment.Last + 1].Add(segment);
    }

    /// <summary>Every operation by itself.</summary>
    public ImmutableArray<Segment> Alone() =>
        [.. Enumerable.Range(1, count).Select(end => endingAt[end].First(static segment => !segment.IsCascade))];

    /// <summary>The least memory with which the run is possible.</summary>
    public long LeastMemory()
    {
        var least = new long[count + 1];
        for (int end = 1; end <= count; end++)
            least[end] = endingAt[end].Min(segment => Math.Max(least[segment.First], segment.Memory));
        return least[count];
    }

    /// <summary>The segments that cost least within a limit, in order; null if there are none.</summary>
    public ImmutableArray<Segment>? Fastest(long limit)
    {
        var price = new long[count + 1];
        var taken = new Segment?[count + 1];
        for (int end = 1; end <= count; end++)
        {
            price[end] = long.MaxValue;
            foreach (Segment segment in endingAt[end])
                if (segment.Memory <= limit && price[segment.First] != long.MaxValue
                    && price[segment.First] + segment.Price < price[end])
                    (price[end], taken[end]) = (price[segment.First] + segment.Price, segment);
        }
        if (count > 0 && taken[count] is null)
            return null;
        List<Segment> chosen = [];
        for (int end = count; end > 0; end = taken[end]!.First)
            chosen.Add(taken[end]!);
        chosen.Reverse();
        return [.. chosen];
    }
}
