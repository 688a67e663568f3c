namespace EthosU.Files;

/// <summary>
/// Writes a file so that it is there whole or not at all: under a temporary name in the same folder, renamed when it is complete. A file of
/// that name is harmed by no failure and no cancellation. A symbolic link is followed; what is no regular file is not replaced.
/// </summary>
public static class OutputFile
{
    /// <summary>Says at once, before long work, that a file cannot be written where it is wanted.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="kept">Files that must not be overwritten: what is read, and what else is written. Null entries count for
    /// nothing.</param>
    /// <exception cref="DirectoryNotFoundException">Its folder does not exist, or there is a folder of that name.</exception>
    /// <exception cref="IOException">There is a device, pipe or socket of that name, or it is one of the files to keep.</exception>
    public static void Check(string path, params IEnumerable<string?> kept)
    {
        if (path.Length == 0)
            throw new DirectoryNotFoundException("the name of a file to write is empty");
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new IOException("the name of a file to write holds a null character");
        string full = Path.GetFullPath(path);
        switch (FileStatus.Of(path).Kind)
        {
            case FileKind.Folder:
                throw new DirectoryNotFoundException(
                    $"{path}: this is a folder; name the file to write, for example {Path.Combine(path, "model.tflite")}");
            case FileKind.Regular or FileKind.Missing:
                break;
            case var kind:
                throw new IOException($"{path}: this is {kind.WithArticle()}, which is not replaced by a file; name another file to write");
        }
        string target = TargetOf(full);
        if (Path.GetDirectoryName(target) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{path}: there is no folder {folder} to write into; create it first");
        foreach (string? other in kept)
            if (other is not null && InputFile.IsSame(target, other))
                throw new IOException(
                    $"{path}: this would overwrite {(other == path ? "a file that is read or written besides" : other)}; name another file "
                        + $"to write");
    }

    /// <summary>Writes all of a file's bytes.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using PendingFile pending = new(path);
        pending.Stream.Write(content);
        pending.Keep();
    }

    /// <summary>The file that a name leads to: the name itself, or the end of a chain of symbolic links, which need not exist.</summary>
    internal static string TargetOf(string full) =>
        new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
}
