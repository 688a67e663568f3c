namespace EthosU.Npu.Operations;

/// <summary>Numbers of rows, 32 bits each, one for each row of a transfer (npu-u85 8.1).</summary>
/// <param name="Region">The region.</param>
/// <param name="Address">Byte offset of the first one.</param>
/// <param name="Largest">The largest that is allowed.</param>
/// <param name="PlaneSkip">Bytes left out behind those of a plane.</param>
public sealed record DmaIndices(int Region, long Address, long Largest, long PlaneSkip);
