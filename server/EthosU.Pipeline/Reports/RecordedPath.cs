namespace EthosU.Pipeline.Reports;

/// <summary>
/// Python files as exporters record them: absolute paths of whatever computer exported the model. People are shown, and files get, what is
/// left of them in the current folder, which is the workspace; of other places the file and its folder.
/// </summary>
public static class RecordedPath
{
    private const int PartsElsewhere = 2;

    /// <summary>The path as it is shown, with forward slashes.</summary>
    /// <param name="recorded">As the exporter recorded it.</param>
    /// <param name="root">The workspace; null for the current folder.</param>
    public static string Shown(string recorded, string? root = null)
    {
        root = Path.GetFullPath(root ?? Environment.CurrentDirectory);
        string[] parts = [.. recorded.Split('/', '\\').Where(static part => part is not ("" or "." or ".."))],
            own = root.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        bool isRooted = recorded.StartsWith('/') || recorded.StartsWith('\\') || (recorded.Length > 1 && recorded[1] == ':');
        if (!isRooted || parts.Length == 0)
            return string.Join('/', parts);
        if (parts.Length > own.Length && parts.AsSpan(0, own.Length).SequenceEqual(own))
            return string.Join('/', parts[own.Length..]);
        for (int skip = 1; skip < parts.Length; skip++)
            if (File.Exists(Path.Combine([root, .. parts[skip..]])))
                return string.Join('/', parts[skip..]);
        return string.Join('/', parts[^Math.Min(PartsElsewhere, parts.Length)..]);
    }
}
