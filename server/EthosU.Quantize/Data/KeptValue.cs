using EthosU.Graphs;

namespace EthosU.Quantize.Data;

/// <summary>A value that a network keeps from one inference to the next.</summary>
/// <param name="Input">The place of the input that takes it.</param>
/// <param name="Output">The place of the output that gives it.</param>
/// <param name="Initial">What it is before the first inference.</param>
public sealed record KeptValue(int Input, int Output, TensorData Initial);
