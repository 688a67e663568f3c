namespace EthosU.LanguageServer.Features;

// Requests and answers beyond the protocol; the client has the same types in protocol.ts.

internal sealed record ModelParams(string Uri, string? Target = null);

internal sealed record ListingResult(string Text);

/// <param name="Uri">The model.</param>
/// <param name="Target">Another target than the settings'.</param>
/// <param name="WorkDoneToken">Where progress is told.</param>
/// <param name="Overwrite">True once the user agreed that a file of somebody else's is replaced.</param>
internal sealed record JobParams(string Uri, string? Target = null, string? WorkDoneToken = null, bool Overwrite = false);

/// <param name="Files">The files written, the most important first.</param>
/// <param name="Message">One sentence for the user.</param>
/// <param name="Question">What the user is to be asked before a file is replaced; nothing was written then.</param>
internal sealed record JobResult(IReadOnlyList<string> Files, string Message, string? Question = null);

internal sealed record CheckParams(string? Uri = null, string? Target = null, string? WorkDoneToken = null);

internal sealed record CheckResult(int Models, string Message);

internal sealed record TargetsParams(string? Uri = null);

internal sealed record TargetView(string Id, string Title, string Detail);

/// <summary><paramref name="DecidedBy"/>: the <c>ethosu.json</c> that names the target; null if the editor's settings do.</summary>
internal sealed record TargetsResult(IReadOnlyList<TargetView> Targets, string Current, string? DecidedBy);
