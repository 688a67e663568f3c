namespace EthosU.LanguageServer.Python;

/// <summary>
/// Finds a recorded Python file in the workspace. The path was recorded where the model was exported, perhaps on another
/// machine: the file with the longest common end of its path is taken, of equally long ones the one nearest to the top.
/// </summary>
internal sealed class PythonFiles
{
    private const int MostFiles = 50_000;
    private static readonly string[] SkippedFolders = ["node_modules", "site-packages", "dist-packages", "__pycache__", "bin", "obj"];

    private readonly ILookup<string, string> byName;

    /// <summary>Looks through folders.</summary>
    public PythonFiles(IEnumerable<string> folders, CancellationToken cancellation)
    {
        List<string> files = [];
        foreach (string folder in folders)
            Collect(folder, files, cancellation);
        byName = files.ToLookup(path => Path.GetFileName(path), StringComparer.Ordinal);
    }

    /// <summary>The file in the workspace that a recorded path means; null if there is none.</summary>
    public string? Find(string recorded)
    {
        string[] wanted = Parts(recorded);
        if (wanted.Length == 0)
            return null;
        return byName[wanted[^1]]
            .OrderByDescending(path => CommonEnd(Parts(path), wanted))
            .ThenBy(path => Parts(path).Length)
            .ThenBy(path => path, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private static void Collect(string folder, List<string> files, CancellationToken cancellation)
    {
        Stack<string> waiting = new([folder]);
        while (waiting.TryPop(out string? current) && files.Count < MostFiles)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                DirectoryInfo directory = new(current);
                foreach (FileSystemInfo entry in directory.EnumerateFileSystemInfos())
                {
                    if (entry is DirectoryInfo inner)
                    {
                        bool skipped = inner.Name.StartsWith('.') || inner.LinkTarget is not null || SkippedFolders.Contains(inner.Name);
                        if (!skipped)
                            waiting.Push(inner.FullName);
                    }
                    else if (entry.Extension == ".py")
                    {
                        files.Add(entry.FullName);
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A folder that cannot be read has no files for us.
            }
        }
    }

    private static string[] Parts(string path) => path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries);

    private static int CommonEnd(string[] first, string[] second)
    {
        int length = 0;
        while (length < first.Length && length < second.Length && first[^(length + 1)] == second[^(length + 1)])
            length++;
        return length;
    }
}
