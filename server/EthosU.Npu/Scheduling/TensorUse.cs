namespace EthosU.Npu.Scheduling;

/// <summary>When a piece of memory is needed.</summary>
/// <param name="start">First step.</param>
/// <param name="end">Last step.</param>
/// <param name="size">Bytes.</param>
internal sealed class TensorUse(int start, int end, long size)
{
    /// <summary>First step.</summary>
    public int Start { get; set; } = start;

    /// <summary>Last step.</summary>
    public int End { get; set; } = end;

    /// <summary>Bytes.</summary>
    public long Size { get; } = size;

    /// <summary>The piece whose place this one takes over.</summary>
    public object? Shared { get; set; }

    /// <summary>True if another piece takes over the place.</summary>
    public bool Replaced { get; set; }
}
