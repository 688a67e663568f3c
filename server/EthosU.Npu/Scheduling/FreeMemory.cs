using EthosU.Npu.Memory;

namespace EthosU.Npu.Scheduling;

/// <summary>How much of a budget of memory is free at each step.</summary>
/// <param name="budget">The budget, in bytes.</param>
/// <param name="live">Bytes in use at each step before anything is taken.</param>
internal sealed class FreeMemory(long budget, long[] live)
{
    private readonly long[] used = [.. live];

    /// <summary>Bytes that are free at all steps from one to another; less than 0 where the budget is exceeded.</summary>
    public long Between(int first, int last) => budget - used.AsSpan(first, last - first + 1).ToArray().Max();

    /// <summary>Takes some.</summary>
    public void Take(int first, int last, long bytes)
    {
        for (int i = first; i <= last; i++)
            used[i] += Allocator.Align(bytes);
    }

    /// <summary>Gives everything back.</summary>
    public void Reset() => live.CopyTo(used, 0);
}
