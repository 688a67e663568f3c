namespace EthosU.Npu.Scheduling;

/// <summary>A band of rows of an operation.</summary>
/// <param name="Op">Number of the operation.</param>
/// <param name="Start">First row.</param>
/// <param name="End">The row behind the last one.</param>
internal readonly record struct Stripe(int Op, int Start, int End);
