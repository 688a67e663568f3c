using EthosU.Npu;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Compiling;

/// <summary>One operation of the NPU in a report.</summary>
/// <param name="NpuOperator">Number of the <c>ethos-u</c> operator that it is a part of.</param>
/// <param name="Node">The user's name of the node that it comes from.</param>
/// <param name="Operator">That node's operator in TensorFlow Lite's spelling.</param>
/// <param name="Kind">What the hardware does.</param>
/// <param name="Description">Operands, kernel and result.</param>
/// <param name="Cycles">Estimated cycles.</param>
/// <param name="Macs">Multiplications and additions.</param>
/// <param name="Source">Where the node comes from.</param>
public sealed record OperationReport(int NpuOperator, string Node, string Operator, string Kind, string Description, long Cycles, long Macs,
    SourceReport? Source)
{
    internal static OperationReport Of(CompiledOperation operation) =>
        new(operation.NpuOperator, operation.Node, operation.Operator, operation.Kind,
        operation.Description, operation.Estimate.TotalCycles, operation.Estimate.Macs, SourceReport.Of(operation.Source));
}
