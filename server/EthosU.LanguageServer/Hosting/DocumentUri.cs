namespace EthosU.LanguageServer.Hosting;

/// <summary>URIs of files, as the editor writes them, and paths.</summary>
internal static class DocumentUri
{
    /// <summary>The path of a <c>file:</c> URI; null for all others.</summary>
    public static string? TryToPath(string uri)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) || parsed.Scheme != Uri.UriSchemeFile)
            return null;
        string path = Uri.UnescapeDataString(parsed.AbsolutePath);
        if (path.Contains('\0', StringComparison.Ordinal))
            return null;
        bool drive = path.Length > 2 && path[0] == '/' && path[2] == ':';
        return Path.GetFullPath(drive ? path[1..] : path);
    }

    /// <summary>The path of a <c>file:</c> URI.</summary>
    /// <exception cref="UserErrorException">It is none.</exception>
    public static string ToPath(string uri) => TryToPath(uri)
        ?? throw new UserErrorException($"'{uri}' is not a file on this machine.");

    /// <summary>The <c>file:</c> URI of a path, escaped as Visual Studio Code escapes it.</summary>
    public static string FromPath(string path)
    {
        string full = Path.GetFullPath(path).Replace('\\', '/');
        string escaped = string.Join('/', full.Split('/').Select(Uri.EscapeDataString));
        return full.StartsWith('/') ? "file://" + escaped : "file:///" + char.ToLowerInvariant(escaped[0]) + escaped[1..];
    }
}
