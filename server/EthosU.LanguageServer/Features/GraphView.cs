namespace EthosU.LanguageServer.Features;

// What the graph page shows; the client has the same types in protocol.ts.

internal sealed record GraphParams(string Uri, string? Target = null, string? Inside = null);

internal sealed record NodeParams(string Uri, string Id, string? Target = null, string? Inside = null);

internal sealed record GraphData(string Title, string Uri, string Summary, IReadOnlyList<GraphNodeView> Nodes,
    IReadOnlyList<GraphEdgeView> Edges, IReadOnlyList<MeasureView> Measures);

internal sealed record MeasureView(string Id, string Title, string Unit, string? Combine = null);

internal sealed record GraphNodeView(string Id, string Kind, string Label, string Name, string Detail, string? Placement, string? Severity,
    IReadOnlyDictionary<string, double> Measures, IReadOnlyList<string> Group, bool Opens);

internal sealed record GraphEdgeView(string From, string To, string Label);

internal sealed record NodeDetails(string Id, string Title, IReadOnlyList<DetailSection> Sections, IReadOnlyList<FindingView> Findings,
    HistogramView? Histogram = null, SourceLink? Source = null, int? ListingLine = null);

internal sealed record DetailSection(string Title, IReadOnlyList<IReadOnlyList<string>> Rows);

internal sealed record HistogramView(string Title, double Min, double Max, IReadOnlyList<int> Counts);

internal sealed record SourceLink(string Uri, int Line, string Label);

internal sealed record FindingView(string Rule, string Severity, string Reason, string Advice, string Help,
    string? Operator = null, string? Name = null, string? Node = null, SourceLink? Source = null);
