using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Onnx;

/// <summary>A node of an <see cref="OnnxOutline"/>.</summary>
/// <param name="Type">Its operator, such as <c>Conv</c>, with the domain before it if that is not ONNX's own.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Inputs">Names of the values that it reads; empty names stand for operands left out.</param>
/// <param name="Outputs">Names of the values that it computes.</param>
public sealed record OnnxOutlineNode(string Type, Source Source, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs);
