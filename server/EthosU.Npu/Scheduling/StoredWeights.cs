using System.Collections.Immutable;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Scheduling;

/// <summary>The encoded weights and scale records of an operation, or of the part of it before or behind a cut.</summary>
/// <param name="Packed">All parts.</param>
/// <param name="Ranges">Those of this part, by core.</param>
internal sealed record StoredWeights(PackedWeights Packed, ImmutableArray<WeightRange> Ranges)
{
    /// <summary>The first byte in <see cref="Packed"/>.</summary>
    public int Offset => Ranges[0].Offset;

    /// <summary>What the time depends on.</summary>
    public WeightSizes Sizes => new(Ranges.Sum(static range => (long)range.WeightBytes),
        Ranges.Where(static range => range.WeightBytes > 0).Sum(static range => (long)range.WeightOffset));
}
