using EthosU.Graphs;

namespace EthosU.Npu;

/// <summary>Where a node runs.</summary>
/// <param name="Node">The user's name of the node.</param>
/// <param name="Operator">Its operator in TensorFlow Lite's spelling.</param>
/// <param name="NpuOperator">Number of the <c>ethos-u</c> operator that it is a part of, from 0; null for the CPU.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record NodePlacement(string Node, string Operator, int? NpuOperator, Source Source);
