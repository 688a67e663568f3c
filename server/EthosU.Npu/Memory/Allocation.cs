using System.Collections.Immutable;

namespace EthosU.Npu.Memory;

/// <summary>Where pieces of memory lie.</summary>
/// <param name="Offsets">The first byte of each.</param>
/// <param name="Size">Bytes up to the last one used.</param>
internal sealed record Allocation(ImmutableArray<long> Offsets, long Size);
