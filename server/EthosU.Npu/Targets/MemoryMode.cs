namespace EthosU.Npu.Targets;

/// <summary>What lies behind which port (npu-scheduling 3.12).</summary>
/// <param name="Name">Name without the prefix <c>Memory_Mode.</c>.</param>
/// <param name="ConstPort">Port of the constants: weights, scales, command stream.</param>
/// <param name="ArenaPort">Port of the tensor arena.</param>
/// <param name="CachePort">Port of the fast memory for buffers and, where it differs from the arena's, short-lived tensors.</param>
/// <param name="ArenaCacheSize">Bytes of the arena, or of the cache where it differs from the arena; null if not limited.</param>
public sealed record MemoryMode(string Name, AxiPort ConstPort, AxiPort ArenaPort, AxiPort CachePort, long? ArenaCacheSize);
