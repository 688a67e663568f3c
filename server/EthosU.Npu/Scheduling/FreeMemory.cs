using EthosU.Npu.Memory;

namespace EthosU.Npu.Scheduling;

/// <summary>How much of a budget of memory is free at each step.</summary>
/// <param name="budget">The budget, in bytes.</param>
/// <param name="live">Bytes in use at each step before anything is taken.</param>
internal sealed class FreeMemory(long budget, long[] live)
{
    private readonly long[] used = [.. live];

    /// <summary>True if something did not fit: a larger budget may be used.</summary>
    public bool WasShort { get; private set; }

    /// <summary>True if so many bytes are free at all steps from one to another.</summary>
    public bool HasRoom(int first, int last, long bytes)
    {
        long most = long.MinValue;
        for (int i = first; i <= last; i++)
            most = Math.Max(most, used[i]);
        bool has = bytes <= budget - most;
        WasShort |= !has;
        return has;
    }

    /// <summary>Takes some.</summary>
    public void Take(int first, int last, long bytes)
    {
        for (int i = first; i <= last; i++)
            used[i] += Allocator.Align(bytes);
    }

    /// <summary>Gives everything back.</summary>
    public void Reset() => live.CopyTo(used, 0);
}
