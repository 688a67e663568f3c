namespace EthosU.Pipeline.Compiled;

/// <summary>What an operation of the NPU costs, as estimated.</summary>
/// <param name="Cycles">Cycles in all.</param>
/// <param name="Macs">Multiplications and additions.</param>
/// <param name="Utilisation">Share of the multiply-accumulate units that is at work on average, 0 to 1.</param>
public sealed record PartCost(long Cycles, long Macs, double Utilisation);
