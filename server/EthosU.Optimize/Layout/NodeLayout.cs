using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>How a node computes transposed results from transposed operands.</summary>
/// <param name="Operator">The operator, axes remapped.</param>
/// <param name="Inputs">What becomes of each operand.</param>
/// <param name="Outputs">How each result is transposed.</param>
internal sealed record NodeLayout(Operator Operator, ImmutableArray<OperandLayout> Inputs, ImmutableArray<Arrangement> Outputs);
