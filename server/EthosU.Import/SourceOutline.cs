using System.Collections.Immutable;

namespace EthosU.Import;

/// <summary>The nodes of a model file as they stand in it: for a look at a model that cannot be imported.</summary>
/// <param name="Nodes">The main graph's nodes, in the file's order, without constants.</param>
/// <param name="Inputs">Names of its inputs, without those that the file gives values.</param>
/// <param name="Outputs">Names of its outputs.</param>
public sealed record SourceOutline(ImmutableArray<SourceOutlineNode> Nodes, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs);
