using System.Collections.Immutable;

namespace EthosU.Npu.Scheduling;

/// <summary>Operations that follow each other: one done by itself, or several done as a cascade.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last one.</param>
/// <param name="Height">Rows of a stripe of the last operation; 0 for an operation by itself.</param>
/// <param name="Memory">Bytes that are needed while it runs, with everything that others keep meanwhile.</param>
/// <param name="Cycles">Estimated cycles.</param>
/// <param name="Price">These, and what the traffic of the slow memory is worth.</param>
/// <param name="Buffered">Operations whose weights lie in fast memory while it runs.</param>
internal sealed record Segment(int First, int Last, int Height, long Memory, long Cycles, long Price,
    ImmutableArray<int> Buffered)
{
    /// <summary>True if it is a cascade.</summary>
    public bool IsCascade => Height > 0;
}
