using System.Text.Json.Nodes;

namespace EthosU.LanguageServer.Features;

// What the report page shows; the client has the same types in protocol.ts.

internal sealed record ReportData(string Title, string Uri, string Target, IReadOnlyList<Fact> Summary, TableView Table,
    MemoryMapView? Memory,
    IReadOnlyList<CycleShare> Cycles, IReadOnlyList<Fact> Accuracy, IReadOnlyList<FindingView> Findings,
    IReadOnlyList<CycleShare>? CyclesByOperator = null, MemoryMapView? FastMemory = null);

internal sealed record Fact(string Label, string Value, string? Hint = null);

internal sealed record TableView(IReadOnlyList<ColumnView> Columns, IReadOnlyList<ReportRow> Rows);

internal sealed record ColumnView(string Title, bool Numeric);

internal sealed record ReportRow(string? Node, IReadOnlyList<JsonNode?> Cells, SourceLink? Source = null);

internal sealed record MemoryMapView(long Size, int Steps, IReadOnlyList<MemoryTensorView> Tensors, string? Title = null);

internal sealed record MemoryTensorView(string Name, long Offset, long Size, int First, int Last);

internal sealed record CycleShare(string Label, long Value, string? Node);

internal sealed record ComparisonData(string Title, string Uri, IReadOnlyList<string> Columns, IReadOnlyList<ComparisonRow> Rows,
    string? Current = null);

/// <summary>
/// <paramref name="Values"/>: the cells as numbers, if they can be compared; <paramref name="Better"/>: <c>less</c> or <c>more</c>.
/// </summary>
internal sealed record ComparisonRow(string Label, IReadOnlyList<string> Cells, IReadOnlyList<double?>? Values = null,
    string? Better = null);
