using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Accuracy;

/// <summary>A model quantized with the changes that helped.</summary>
/// <param name="Graph">The quantized graph.</param>
/// <param name="Options">The options with which it was made.</param>
/// <param name="Ranges">The ranges with which it was made.</param>
/// <param name="Steps">What was tried, in order.</param>
/// <param name="Findings">What a user should know about the graph.</param>
public sealed record FixResult(Graph Graph, QuantizeOptions Options, RangeTable Ranges, ImmutableArray<FixStep> Steps,
    ImmutableArray<Finding> Findings);
