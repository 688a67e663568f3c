namespace EthosU.Graphs;

/// <summary>What shape inference says of a result.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes of the axes.</param>
/// <param name="Quantization">The operand's, where the operator passes values through unchanged; otherwise null.</param>
public sealed record TensorType(ElementType Type, Shape Shape, Quantization? Quantization = null);
