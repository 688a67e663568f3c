using System.Text.Json.Nodes;

namespace EthosU.LanguageServer.Features;

// What the report page shows; the client has the same types in protocol.ts.

internal sealed record ReportData(string Title, string Uri, string Target, IReadOnlyList<Fact> Summary, TableView Table, MemoryMapView? Memory,
    IReadOnlyList<CycleShare> Cycles, IReadOnlyList<Fact> Accuracy, IReadOnlyList<FindingView> Findings);

internal sealed record Fact(string Label, string Value, string? Hint = null);

internal sealed record TableView(IReadOnlyList<ColumnView> Columns, IReadOnlyList<ReportRow> Rows);

internal sealed record ColumnView(string Title, bool Numeric);

internal sealed record ReportRow(string? Node, IReadOnlyList<JsonNode?> Cells);

internal sealed record MemoryMapView(long Size, int Steps, IReadOnlyList<MemoryTensorView> Tensors);

internal sealed record MemoryTensorView(string Name, long Offset, long Size, int First, int Last);

internal sealed record CycleShare(string Label, long Value, string? Node);

internal sealed record ComparisonData(string Title, string Uri, IReadOnlyList<string> Columns, IReadOnlyList<ComparisonRow> Rows);

internal sealed record ComparisonRow(string Label, IReadOnlyList<string> Cells);
