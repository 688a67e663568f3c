namespace EthosU.Pipeline;

/// <summary>
/// Writes a file so that it is there whole or not at all: under a temporary name in the same folder, renamed when it is complete. A file of that name
/// is harmed by no failure and no cancellation.
/// </summary>
public static class OutputFile
{
    /// <summary>Says at once, before long work, that a file cannot be written where it is wanted.</summary>
    /// <exception cref="DirectoryNotFoundException">Its folder does not exist, or there is a folder of that name.</exception>
    public static void Check(string path)
    {
        if (path.Length == 0)
            throw new DirectoryNotFoundException("the name of a file to write is empty");
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new DirectoryNotFoundException($"{path}: this is a folder; name the file to write, for example {Path.Combine(path, "model.tflite")}");
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{path}: there is no folder {folder} to write into; create it first");
    }

    /// <summary>Writes all of a file's bytes.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using PendingFile pending = new(path);
        pending.Stream.Write(content);
        pending.Keep();
    }
}
