using EthosU.Npu;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Compiling;

/// <summary>Where an operator runs.</summary>
/// <param name="Node">The user's name of it.</param>
/// <param name="Operator">Its operator in TensorFlow Lite's spelling.</param>
/// <param name="NpuOperator">Number of the <c>ethos-u</c> operator that it is a part of, from 0; absent for the processor.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record PlacementReport(string Node, string Operator, int? NpuOperator, SourceReport? Source)
{
    internal static PlacementReport Of(NodePlacement placement) =>
        new(placement.Node, placement.Operator, placement.NpuOperator, SourceReport.Of(placement.Source));
}
