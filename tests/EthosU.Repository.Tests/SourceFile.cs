using EthosU.Testing;

namespace EthosU.Repository.Tests;

/// <summary>A text that people write in this repository.</summary>
/// <param name="Path">Relative to the repository, with forward slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>Folders of what is made or fetched, wherever they are; also every folder whose name begins with a dot.</summary>
    private static readonly string[] Generated = ["node_modules", "bin", "obj", "dist", "out"];

    /// <summary>All files with one of the extensions, in the order of their paths.</summary>
    public static IEnumerable<SourceFile> All(params string[] extensions) => In(SharedData.RepositoryRoot, extensions)
        .Select(path => new SourceFile(System.IO.Path.GetRelativePath(SharedData.RepositoryRoot, path).Replace('\\', '/'),
        File.ReadAllText(path)))
        .OrderBy(file => file.Path, StringComparer.Ordinal);

    /// <summary>The number of the line on which a character stands, from 1.</summary>
    public int LineOf(int index) => 1 + Text.AsSpan(0, index).Count('\n');

    private static IEnumerable<string> In(string folder, string[] extensions) => Directory.EnumerateFiles(folder)
        .Where(path => extensions.Contains(System.IO.Path.GetExtension(path), StringComparer.Ordinal))
        .Concat(Directory.EnumerateDirectories(folder)
            .Where(path => System.IO.Path.GetFileName(path) is var name && name[0] != '.'
            && !Generated.Contains(name, StringComparer.Ordinal))
            .SelectMany(path => In(path, extensions)));
}
