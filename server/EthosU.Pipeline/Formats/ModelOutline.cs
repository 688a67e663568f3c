using System.Collections.Immutable;

namespace EthosU.Pipeline.Formats;

/// <summary>The nodes of a file as they stand in it: for a look at a model that cannot be imported.</summary>
/// <param name="Format">The file's kind.</param>
/// <param name="Nodes">The main graph's nodes, in the file's order, without constants.</param>
/// <param name="Inputs">Names of its inputs, without those that the file gives values.</param>
/// <param name="Outputs">Names of its outputs.</param>
public sealed record ModelOutline(ModelFormat Format, ImmutableArray<ModelOutlineNode> Nodes, ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs);
