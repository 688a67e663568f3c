using EthosU.Graphs;

namespace EthosU.Torch;

/// <summary>A buffer that a network changes: what it was goes in, what it becomes comes out and goes in the next time.</summary>
/// <param name="Buffer">Its name in the module.</param>
/// <param name="Input">The input of the graph.</param>
/// <param name="Output">The output of the graph, named in its signature.</param>
/// <param name="Initial">What it is before the first inference.</param>
public sealed record TorchState(string Buffer, string Input, string Output, TensorData Initial);
