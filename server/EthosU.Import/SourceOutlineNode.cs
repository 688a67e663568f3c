using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>A node of an <see cref="SourceOutline"/>.</summary>
/// <param name="Type">Its operator in the format's own words, such as <c>Conv</c>.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Inputs">Names of the values that it reads; empty names stand for operands left out.</param>
/// <param name="Outputs">Names of the values that it computes.</param>
public sealed record SourceOutlineNode(string Type, Source Source, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs);
