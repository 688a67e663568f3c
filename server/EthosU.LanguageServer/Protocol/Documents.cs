using System.Text.Json;

namespace EthosU.LanguageServer.Protocol;

internal sealed record DidOpenTextDocumentParams(TextDocumentItem TextDocument);

internal sealed record VersionedTextDocumentIdentifier(string Uri, int Version);

/// <summary>The whole new text.</summary>
internal sealed record TextDocumentContentChangeEvent(string Text);

internal sealed record DidChangeTextDocumentParams(VersionedTextDocumentIdentifier TextDocument,
    IReadOnlyList<TextDocumentContentChangeEvent> ContentChanges);

internal sealed record DidCloseTextDocumentParams(TextDocumentIdentifier TextDocument);

/// <summary><paramref name="Type"/>: 1 created, 2 changed, 3 deleted.</summary>
internal sealed record FileEvent(string Uri, int Type);

internal sealed record DidChangeWatchedFilesParams(IReadOnlyList<FileEvent> Changes);

internal sealed record DidChangeConfigurationParams(JsonElement Settings);
