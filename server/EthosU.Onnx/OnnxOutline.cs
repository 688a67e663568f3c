using System.Collections.Immutable;

namespace EthosU.Onnx;

/// <summary>The nodes of an ONNX file as they stand in it: for a look at a model that cannot be imported.</summary>
/// <param name="Nodes">The main graph's nodes, in the file's order, without constants.</param>
/// <param name="Inputs">Names of its inputs, without those that initializers give.</param>
/// <param name="Outputs">Names of its outputs.</param>
public sealed record OnnxOutline(ImmutableArray<OnnxOutlineNode> Nodes, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs);
