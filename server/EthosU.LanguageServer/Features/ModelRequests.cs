namespace EthosU.LanguageServer.Features;

// Requests and answers beyond the protocol; the client has the same types in protocol.ts.

internal sealed record ModelParams(string Uri, string? Target = null);

internal sealed record ListingResult(string Text);

internal sealed record JobParams(string Uri, string? Target = null, string? WorkDoneToken = null);

internal sealed record JobResult(IReadOnlyList<string> Files, string Message);

internal sealed record CheckParams(string? Uri = null, string? Target = null, string? WorkDoneToken = null);

internal sealed record CheckResult(int Models, string Message);

internal sealed record TargetView(string Id, string Title, string Detail);

internal sealed record TargetsResult(IReadOnlyList<TargetView> Targets, string Current);

internal sealed record ModelChangedParams(string Uri);
