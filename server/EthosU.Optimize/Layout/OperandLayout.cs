using EthosU.Graphs;

namespace EthosU.Optimize.Layout;

/// <summary>What an operand of a node becomes when the node runs in another layout. Neither given: it stays as it is.</summary>
/// <param name="Axes">The operand, transposed so.</param>
/// <param name="Constant">This constant.</param>
/// <param name="Reshaped">The operand under this shape.</param>
/// <param name="Quantization">The quantization that the constant brings along from training.</param>
internal readonly record struct OperandLayout(Arrangement? Axes = null, TensorData? Constant = null, Shape? Reshaped = null, Quantization? Quantization = null);
