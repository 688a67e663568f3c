namespace EthosU.Npu.Indices;

/// <summary>A part of a list of indices that goes in equal steps: entries <c>Start + k·Step</c> are <c>From + k·FromStep</c>.</summary>
/// <param name="Start">The first entry.</param>
/// <param name="Step">From entry to entry, at least 1.</param>
/// <param name="Count">Entries.</param>
/// <param name="From">What the first entry is.</param>
/// <param name="FromStep">How it changes from entry to entry; never 0, but it may be negative.</param>
internal readonly record struct IndexRun(int Start, int Step, int Count, int From, int FromStep)
{
    private const int LargestStep = 64;

    /// <summary>A list of indices as few runs, in order of their first entries.</summary>
    public static IndexRun[] Of(ReadOnlySpan<int> indices)
    {
        List<IndexRun> best = Of(indices, 1, int.MaxValue)!;
        for (int step = 2; step <= Math.Min(LargestStep, indices.Length / 2) && step < best.Count; step++)
            if (Of(indices, step, best.Count) is { } runs)
                best = runs;
        return [.. best.OrderBy(static run => run.Start)];
    }

    /// <summary>The runs whose entries are so many apart; null if there are not fewer than the limit.</summary>
    private static List<IndexRun>? Of(ReadOnlySpan<int> indices, int step, int limit)
    {
        List<IndexRun> runs = [];
        for (int phase = 0; phase < step; phase++)
            for (int start = phase; start < indices.Length;)
            {
                int count = 1, change = 1;
                for (int next = start + step; next < indices.Length; next += step)
                {
                    int difference = indices[next] - indices[next - step];
                    if (difference == 0 || (count > 1 && difference != change))
                        break;
                    change = difference;
                    count++;
                }
                runs.Add(new(start, step, count, indices[start], change));
                if (runs.Count >= limit)
                    return null;
                start += count * step;
            }
        return runs;
    }

    /// <summary>The part of the run between two entries of the list; null if it has none there.</summary>
    public IndexRun? Within(int first, int end)
    {
        int skipped = Math.Max(0, (first - Start + Step - 1) / Step), stop = Math.Min(Count, (end - Start + Step - 1) / Step);
        return end <= Start || skipped >= stop ? null
            : new(Start + (skipped * Step), Step, stop - skipped, From + (skipped * FromStep), FromStep);
    }
}
