namespace EthosU.Npu.Performance;

/// <summary>A depth slice whose weights are copied to a buffer before they are used.</summary>
/// <param name="Channels">Output channels of the slice.</param>
/// <param name="Bytes">Bytes of its weights and scale records, with padding.</param>
internal readonly record struct WeightSlice(int Channels, long Bytes);
