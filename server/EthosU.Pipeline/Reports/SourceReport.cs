using EthosU.Graphs;

namespace EthosU.Pipeline.Reports;

/// <summary>Where a node comes from, in a report.</summary>
/// <param name="Node">Name of the node in the source model.</param>
/// <param name="Operator">Its operator in the source model's spelling.</param>
/// <param name="Module">Path of the PyTorch module.</param>
/// <param name="File">The Python file with the innermost line that is the user's own, relative to the current folder where it lies
/// there.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Function">The function that the line is in.</param>
public sealed record SourceReport(string? Node, string? Operator, string? Module, string? File, int? Line, string? Function)
{
    /// <summary>Null if nothing is known.</summary>
    public static SourceReport? Of(Source source) => source == Source.None ? null
        : new(source.NodeName, source.OperatorType, source.Module, source.UserFrame is { } frame ? RecordedPath.Shown(frame.File)
        : null, source.UserFrame?.Line, source.UserFrame?.Function);
}
