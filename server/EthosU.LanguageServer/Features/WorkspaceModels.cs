using System.Text.Json;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Python;
using EthosU.Pipeline.Formats;

namespace EthosU.LanguageServer.Features;

/// <summary>What of the workspace's folders concerns models: their files, and the Python files that they were exported from.</summary>
internal sealed class WorkspaceModels(Workspace workspace) : IDisposable
{
    private const int MostModels = 500;
    private static readonly string[] SkippedFolders = ["node_modules", "site-packages", "dist-packages", "bin", "obj"];

    private readonly CancellationTokenSource stopped = new();
    private Lazy<PythonFiles>? pythonFiles;
    private IReadOnlyList<string>? known;

    /// <summary>True if models are checked without being asked for.</summary>
    public bool AreCheckedAutomatically => workspace.Settings is not { } settings
        || !settings.TryGetProperty("check", out JsonElement check) || check.ValueKind != JsonValueKind.Object
        || !check.TryGetProperty("automatic", out JsonElement automatic) || automatic.ValueKind != JsonValueKind.False;

    /// <summary>True if a file's name is a model's.</summary>
    public static bool IsModel(string path) => ModelFormats.ByName(path) is not null;

    /// <summary>The models of the workspace as they were found last: for what is asked at every change of a text.</summary>
    public IReadOnlyList<string> Known => known ?? Find();

    /// <summary>The models of the workspace, in the order of their paths.</summary>
    public IReadOnlyList<string> Find()
    {
        EnumerationOptions options = new()
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden,
        };
        return known = [.. workspace.Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", options)
            .Where(IsModel)
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(SkippedFolders.Contains)))
            .Take(MostModels).Order(StringComparer.Ordinal)];
    }

    /// <summary>The recorded Python file in the workspace; null if it is not there.</summary>
    public string? FindPython(string recorded)
    {
        Lazy<PythonFiles> files = pythonFiles ??= new(() => new PythonFiles(workspace.Folders, stopped.Token));
        return files.Value.Find(recorded);
    }

    /// <summary>Looks for models anew when one is asked for next.</summary>
    public void ForgetModels() => known = null;

    /// <summary>Looks for Python files anew when one is asked for next.</summary>
    public void ForgetPythonFiles() => pythonFiles = null;

    /// <inheritdoc/>
    public void Dispose()
    {
        stopped.Cancel();
        stopped.Dispose();
    }
}
