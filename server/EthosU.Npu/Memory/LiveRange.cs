namespace EthosU.Npu.Memory;

/// <summary>How long a piece of memory is needed.</summary>
/// <param name="Start">First step.</param>
/// <param name="End">Last step, inclusive.</param>
/// <param name="Size">Bytes.</param>
internal readonly record struct LiveRange(int Start, int End, long Size)
{
    private readonly int alignment;

    /// <summary>Multiple of which its first byte is, a power of two; at least <see cref="Allocator.Alignment"/>.</summary>
    public int Alignment
    {
        get => Math.Max(alignment, Allocator.Alignment);
        init => alignment = value;
    }

    /// <summary>True if both are needed at the same time.</summary>
    public bool Overlaps(LiveRange other) => Math.Max(Start, other.Start) <= Math.Min(End, other.End);
}
