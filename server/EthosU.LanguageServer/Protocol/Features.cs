using System.Text.Json;

namespace EthosU.LanguageServer.Protocol;

internal enum DiagnosticSeverity
{
    Error = 1,
    Warning = 2,
    Information = 3,
    Hint = 4,
}

internal sealed record CodeDescription(string Href);

internal sealed record DiagnosticRelatedInformation(Location Location, string Message);

internal sealed record Diagnostic(
    Range Range,
    DiagnosticSeverity Severity,
    string Code,
    string Source,
    string Message,
    CodeDescription? CodeDescription = null,
    IReadOnlyList<DiagnosticRelatedInformation>? RelatedInformation = null,
    JsonElement? Data = null);

internal sealed record PublishDiagnosticsParams(string Uri, IReadOnlyList<Diagnostic> Diagnostics);

internal sealed record CodeActionContext(IReadOnlyList<Diagnostic?> Diagnostics);

internal sealed record CodeActionParams(TextDocumentIdentifier TextDocument, Range Range, CodeActionContext Context);

internal sealed record TextEdit(Range Range, string NewText);

internal sealed record WorkspaceEdit(IReadOnlyDictionary<string, IReadOnlyList<TextEdit>> Changes);

internal sealed record CodeAction(string Title, string Kind, IReadOnlyList<Diagnostic>? Diagnostics = null, WorkspaceEdit? Edit = null,
    Command? Command = null);

internal sealed record CodeLensParams(TextDocumentIdentifier TextDocument);

internal sealed record CodeLens(Range Range, Command Command);

internal sealed record Hover(MarkupContent Contents, Range? Range = null);

/// <summary><paramref name="Type"/>: 1 error, 2 warning, 3 information, 4 log.</summary>
internal sealed record ShowMessageParams(int Type, string Message);

internal sealed record LogMessageParams(int Type, string Message);

internal sealed record WorkDoneProgressCreateParams(string Token);

internal sealed record WorkDoneProgressCancelParams(JsonElement Token);

internal sealed record ProgressParams(string Token, WorkDoneProgressValue Value);

/// <summary><paramref name="Kind"/>: <c>begin</c>, <c>report</c> or <c>end</c>.</summary>
internal sealed record WorkDoneProgressValue(string Kind, string? Title = null, string? Message = null, int? Percentage = null,
    bool? Cancellable = null);

/// <summary>
/// What goes with the error of a refused model: the names of the sizes that it leaves open, which the editor can ask for.
/// </summary>
internal sealed record RefusalData(IReadOnlyList<string> OpenSizes);
