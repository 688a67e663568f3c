namespace EthosU.Npu.Operations;

/// <summary>Use of the accumulators (npu-u85 4.5).</summary>
/// <param name="IsWide">True for 48 bits, false for 32.</param>
/// <param name="Start">What they begin with.</param>
/// <param name="IsKeptUnwritten">True if they are left to the next operation and nothing is written.</param>
public readonly record struct AccumulatorUse(bool IsWide, AccumulatorStart Start, bool IsKeptUnwritten);
