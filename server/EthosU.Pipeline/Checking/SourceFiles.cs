using EthosU.Files;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Checking;

/// <summary>
/// Names files as URI references: relative to a folder where they lie below it, else absolute; but what an export recorded never with the
/// folders of another computer.
/// </summary>
/// <param name="root">The folder.</param>
/// <param name="modelFolder">Where the model lies; sources that were recorded on another computer are looked for there too.</param>
internal sealed class SourceFiles(string root, string modelFolder)
{
    private readonly string root = Path.GetFullPath(root);

    /// <summary>The reference to a file.</summary>
    public string Name(string path)
    {
        string full = Path.GetFullPath(path, root);
        string relative = Path.GetRelativePath(root, full);
        return IsAbove(relative) || Path.IsPathRooted(relative)
            ? new Uri(full).AbsoluteUri
            : string.Join('/', relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    /// <summary>
    /// The reference to a file as an export recorded it, perhaps on another computer: the file itself if it is below the folder, else the
    /// one with the longest equal end of its path below the folder or beside the model, else what is shown of such a path.
    /// </summary>
    public string NameRecorded(string recorded)
    {
        if (Path.IsPathRooted(recorded) && !InputFile.IsOnNetwork(recorded) && IsBelow(recorded) && InputFile.Exists(recorded))
            return Name(recorded);
        string[] parts = recorded.Split('/', '\\').Where(static part => part is not ("" or "." or "..")).ToArray();
        for (int skip = 0; skip < parts.Length; skip++)
            foreach (string folder in new[] { root, modelFolder })
                if (Path.Combine([folder, .. parts[skip..]]) is var candidate && InputFile.Exists(candidate))
                    return Name(candidate);
        return Escaped(RecordedPath.Shown(recorded, root));
    }

    private bool IsBelow(string path) =>
        Path.GetRelativePath(root, path) is var relative && !Path.IsPathRooted(relative) && !IsAbove(relative);

    private static bool IsAbove(string relative) =>
        relative == ".." || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
