namespace EthosU.Pipeline.Compiled;

/// <summary>
/// Bytes that one thing inside an <c>ethos-u</c> operator writes and another reads: operations, inputs and outputs, by their ids.
/// </summary>
/// <param name="From">The writer.</param>
/// <param name="To">The reader.</param>
/// <param name="Label">What passes.</param>
public sealed record PartFlow(string From, string To, string Label);
