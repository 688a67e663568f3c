using EthosU.LanguageServer.Protocol;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Hosting;

/// <summary>What the server says to the editor.</summary>
internal sealed class Client(JsonRpc connection)
{
    /// <summary>What the editor can do; known after <c>initialize</c>.</summary>
    public ClientCapabilities Capabilities { get; set; } = new();

    /// <summary>Replaces the problems of a document.</summary>
    public Task PublishDiagnosticsAsync(string uri, IReadOnlyList<Diagnostic> diagnostics) =>
        connection.NotifyWithParameterObjectAsync("textDocument/publishDiagnostics", new PublishDiagnosticsParams(uri, diagnostics));

    /// <summary>Shows a message to the user.</summary>
    public Task ShowMessageAsync(int type, string message) =>
        connection.NotifyWithParameterObjectAsync("window/showMessage", new ShowMessageParams(type, EditorText.Notice(message)));

    /// <summary>Asks the editor to fetch the code lenses again, if it can.</summary>
    public async Task RefreshCodeLensesAsync()
    {
        if (Capabilities.Workspace?.CodeLens?.Supported == true)
            await connection.InvokeAsync("workspace/codeLens/refresh").ConfigureAwait(false);
    }

    /// <summary>Makes a progress indicator known to the editor.</summary>
    public Task CreateProgressAsync(string token) =>
        connection.InvokeWithParameterObjectAsync("window/workDoneProgress/create", new WorkDoneProgressCreateParams(token));

    /// <summary>Tells how far a piece of work is.</summary>
    public Task ReportProgressAsync(string token, WorkDoneProgressValue value) =>
        connection.NotifyWithParameterObjectAsync("$/progress", new ProgressParams(token, value with
        {
            Title = value.Title is { } title ? EditorText.Label(EditorText.Notice(title)) : null,
            Message = value.Message is { } message ? EditorText.Label(EditorText.Notice(message)) : null,
        }));

    /// <summary>Says that what was told of a model is no longer true.</summary>
    public Task ModelChangedAsync(string uri) =>
        connection.NotifyWithParameterObjectAsync("ethosu/modelChanged", new ModelChangedParams(uri));
}
