using System.Collections.Immutable;
using EthosU.Import;

namespace EthosU.Pipeline.Formats;

/// <summary>The nodes of a file as they stand in it: for a look at a model that cannot be imported.</summary>
/// <param name="Format">The file's kind.</param>
/// <param name="Nodes">The main graph's nodes, in the file's order, without constants.</param>
/// <param name="Inputs">Names of its inputs, without those that the file gives values.</param>
/// <param name="Outputs">Names of its outputs.</param>
public sealed record ModelOutline(ModelFormat Format, ImmutableArray<ModelOutlineNode> Nodes, ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs)
{
    /// <summary>What a front end has read.</summary>
    internal static ModelOutline Of(ModelFormat format, SourceOutline outline) => new(format,
        [.. outline.Nodes.Select(static node => new ModelOutlineNode(node.Type, node.Source, node.Inputs, node.Outputs))],
        outline.Inputs, outline.Outputs);
}
