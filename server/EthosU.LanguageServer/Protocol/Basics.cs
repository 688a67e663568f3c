using System.Text.Json;

namespace EthosU.LanguageServer.Protocol;

// The types of the Language Server Protocol 3.17 that this server uses, with its names. Fields that it does not read are left out.

/// <summary>A place in a text: line and UTF-16 column, from 0.</summary>
internal readonly record struct Position(int Line, int Character);

/// <summary>A stretch of text; the end is exclusive.</summary>
internal readonly record struct Range(Position Start, Position End)
{
    /// <summary>A whole line.</summary>
    public static Range OfLine(int line, int length = int.MaxValue) => new(new(line, 0), new(line, length));
}

/// <summary>A stretch of a document.</summary>
internal sealed record Location(string Uri, Range Range);

/// <summary>What a code lens or a click does.</summary>
internal sealed record Command(string Title, [property: System.Text.Json.Serialization.JsonPropertyName("command")]
    string Name, IReadOnlyList<JsonElement>? Arguments = null);

/// <summary>Text with its format, <c>markdown</c> or <c>plaintext</c>.</summary>
internal sealed record MarkupContent(string Kind, string Value);

internal sealed record TextDocumentIdentifier(string Uri);

internal sealed record TextDocumentItem(string Uri, string LanguageId, int Version, string Text);

internal sealed record TextDocumentPositionParams(TextDocumentIdentifier TextDocument, Position Position);
