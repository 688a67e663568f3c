using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using EthosU.Files;

namespace EthosU.LanguageServer.Hosting;

/// <summary>The folders and open texts of the editor, and the settings in force.</summary>
internal sealed class Workspace
{
    private readonly ConcurrentDictionary<string, OpenText> texts = new(StringComparer.Ordinal);
    private ImmutableArray<string> folders = [];

    /// <summary>Paths of the workspace's folders.</summary>
    public ImmutableArray<string> Folders => folders;

    /// <summary>The editor's settings for the extension.</summary>
    public JsonElement? Settings { get; private set; }

    /// <summary>The folder with a page for each rule; null if the editor has none.</summary>
    public string? RulesFolder { get; set; }

    /// <summary>True if the user trusts what is in the folders.</summary>
    public bool IsTrusted { get; set; } = true;

    /// <summary>Refuses a path that what lies in an untrusted workspace must not lead to.</summary>
    /// <exception cref="UserErrorException">It is on another computer, or a link there leads out of the workspace.</exception>
    public void RequireReadable(string path)
    {
        if (IsTrusted)
            return;
        if (InputFile.IsOnNetwork(path) && !folders.Any(folder => IsInside(path, folder)))
            throw new UserErrorException($"{path} lies on another computer; it is not asked for while the workspace is not trusted.");
        string folder = folders.FirstOrDefault(folder => IsInside(path, folder))
            ?? throw new UserErrorException($"{path} lies outside the workspace; it is not read while the workspace is not trusted.");
        for (string? part = path; part is not null && part.Length > folder.Length; part = Path.GetDirectoryName(part))
            if (new FileInfo(part) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target
                && !folders.Any(inner => IsInside(Path.GetFullPath(target.FullName), inner)))
                throw new UserErrorException(
                    $"{path} leads by a link out of the workspace; it is not read while the workspace is not trusted.");
    }

    /// <summary>True for a folder itself and for what lies below it, by its name alone.</summary>
    public static bool IsInside(string path, string folder) => path == folder
        || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Sets the folders, from their URIs.</summary>
    public void SetFolders(IEnumerable<string> uris) => folders = [.. uris.Select(DocumentUri.TryToPath).OfType<string>()];

    /// <summary>Adds and removes folders.</summary>
    public void ChangeFolders(IEnumerable<string> added, IEnumerable<string> removed)
    {
        string[] gone = [.. removed.Select(DocumentUri.TryToPath).OfType<string>()];
        folders = [.. folders.Except(gone).Union(added.Select(DocumentUri.TryToPath).OfType<string>())];
    }

    /// <summary>Sets the editor's settings; what is no object holds none.</summary>
    public void Configure(JsonElement? settings) => Settings = settings is { ValueKind: JsonValueKind.Object } ? settings : null;

    /// <summary>Remembers a text that is open in the editor.</summary>
    public void Open(string uri, string languageId, string text) => texts[uri] = new(uri, languageId, text);

    /// <summary>Replaces the text of an open document.</summary>
    public void Change(string uri, string text)
    {
        if (texts.TryGetValue(uri, out OpenText? open))
            texts[uri] = open with { Text = text };
    }

    /// <summary>Forgets a document.</summary>
    public void Close(string uri) => texts.TryRemove(uri, out _);

    /// <summary>The text of an open document; null if it is not open.</summary>
    public OpenText? TryGet(string uri) => texts.GetValueOrDefault(uri);

    /// <summary>The documents that are open.</summary>
    public IEnumerable<OpenText> OpenTexts => texts.Values;
}
