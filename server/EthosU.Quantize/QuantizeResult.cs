using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Quantize;

/// <summary>A quantized model.</summary>
/// <param name="Graph">The network.</param>
/// <param name="Findings">What a user should know about it.</param>
public sealed record QuantizeResult(Graph Graph, ImmutableArray<Finding> Findings)
{
    /// <summary>False if no scale depends on the calibration data: the model brought all of them along from training.</summary>
    public bool UsesMeasuredRanges { get; init; }
}
