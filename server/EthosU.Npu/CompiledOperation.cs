using EthosU.Graphs;
using EthosU.Npu.Performance;

namespace EthosU.Npu;

/// <summary>One operation of the NPU.</summary>
/// <param name="NpuOperator">Number of the <c>ethos-u</c> operator that it is a part of.</param>
/// <param name="Node">The user's name of the node that it comes from.</param>
/// <param name="Operator">That node's operator in TensorFlow Lite's spelling.</param>
/// <param name="Kind">What the hardware does.</param>
/// <param name="Description">Operands, kernel and result on one line.</param>
/// <param name="Source">Where the node comes from.</param>
/// <param name="Estimate">What it costs.</param>
public sealed record CompiledOperation(
    int NpuOperator, string Node, string Operator, string Kind, string Description, Source Source, OperationEstimate Estimate);
