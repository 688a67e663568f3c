using System.Text.Json;

namespace EthosU.LanguageServer.Protocol;

internal sealed record WorkspaceFolder(string Uri, string Name);

internal sealed record InitializeParams(
    int? ProcessId = null,
    string? RootUri = null,
    IReadOnlyList<WorkspaceFolder>? WorkspaceFolders = null,
    ClientCapabilities? Capabilities = null,
    JsonElement? InitializationOptions = null);

internal sealed record ClientCapabilities(WindowCapabilities? Window = null, WorkspaceCapabilities? Workspace = null);

internal sealed record WindowCapabilities(bool WorkDoneProgress = false);

internal sealed record WorkspaceCapabilities(bool Configuration = false, DynamicRegistration? DidChangeWatchedFiles = null,
    RefreshSupport? CodeLens = null);

internal sealed record DynamicRegistration([property: System.Text.Json.Serialization.JsonPropertyName("dynamicRegistration")]
    bool Supported = false);

internal sealed record RefreshSupport([property: System.Text.Json.Serialization.JsonPropertyName("refreshSupport")] bool Supported = false);

internal sealed record InitializeResult(ServerCapabilities Capabilities, ServerInfo ServerInfo);

internal sealed record ServerInfo(string Name, string Version);

internal sealed record ServerCapabilities(
    TextDocumentSyncOptions TextDocumentSync,
    CodeLensOptions CodeLensProvider,
    bool HoverProvider,
    CodeActionOptions CodeActionProvider,
    WorkspaceServerCapabilities Workspace);

/// <summary><paramref name="Change"/> 1: the whole text is sent at each change.</summary>
internal sealed record TextDocumentSyncOptions(bool OpenClose, int Change);

internal sealed record CodeActionOptions(IReadOnlyList<string> CodeActionKinds);

internal sealed record CodeLensOptions(bool ResolveProvider);

internal sealed record WorkspaceServerCapabilities(WorkspaceFoldersServerCapabilities WorkspaceFolders);

internal sealed record WorkspaceFoldersServerCapabilities(bool Supported, bool ChangeNotifications);

internal sealed record DidChangeWorkspaceFoldersParams(WorkspaceFoldersChangeEvent Event);

internal sealed record WorkspaceFoldersChangeEvent(IReadOnlyList<WorkspaceFolder> Added, IReadOnlyList<WorkspaceFolder> Removed);
