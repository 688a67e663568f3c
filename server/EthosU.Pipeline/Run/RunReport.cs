using System.Collections.Immutable;

namespace EthosU.Pipeline;

/// <summary>What a run gave.</summary>
/// <param name="Samples">How many samples were run.</param>
/// <param name="Outputs">The model's outputs.</param>
/// <param name="Files">The file of each output.</param>
public sealed record RunReport(int Samples, ImmutableArray<TensorDescription> Outputs, ImmutableArray<string> Files);
