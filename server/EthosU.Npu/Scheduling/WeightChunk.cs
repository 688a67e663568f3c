namespace EthosU.Npu.Scheduling;

/// <summary>A part of a copy of weights.</summary>
/// <param name="Step">The operation before whose command the transfer's stands: it runs beside the operation before.</param>
/// <param name="Bytes">Its length, a multiple of 16.</param>
internal readonly record struct WeightChunk(int Step, long Bytes);
