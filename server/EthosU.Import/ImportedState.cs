using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>
/// A value that a network keeps from one inference to the next, such as a buffer: what it was goes in, what it becomes comes out and goes
/// in the next time.
/// </summary>
/// <param name="Name">Its name in the source model.</param>
/// <param name="Input">The name of the graph's input.</param>
/// <param name="Output">The name of the graph's output.</param>
/// <param name="Initial">What it is before the first inference.</param>
public sealed record ImportedState(string Name, string Input, string Output, TensorData Initial);
