using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Onnx;

/// <summary>An imported model.</summary>
/// <param name="Graph">The network in real numbers; image inputs and outputs still in PyTorch's order.</param>
/// <param name="Findings">What a user should know about the import.</param>
/// <param name="Quantizations">
/// Quantization that the model brings along for its values (quantization-aware training), by the values' names.
/// </param>
public sealed record OnnxModel(Graph Graph, ImmutableArray<Finding> Findings, ImmutableDictionary<string, Quantization> Quantizations);
