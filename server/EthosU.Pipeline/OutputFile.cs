namespace EthosU.Pipeline;

/// <summary>
/// Writes a file so that it is there whole or not at all: under a temporary name in the same folder, renamed when it is complete. A file of that name
/// is harmed by no failure and no cancellation.
/// </summary>
public static class OutputFile
{
    /// <summary>Says at once, before long work, that a file cannot be written where it is wanted.</summary>
    /// <exception cref="DirectoryNotFoundException">Its folder does not exist.</exception>
    /// <exception cref="IOException">There is a folder of that name.</exception>
    public static void Check(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new IOException($"{path}: this is a folder; name the file to write, for example {Path.Combine(path, "model.tflite")}");
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{path}: there is no folder {folder} to write into; create it first");
    }

    /// <summary>Writes all of a file's bytes.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        Check(path);
        using Pending pending = new(path);
        using (FileStream stream = pending.Create())
            stream.Write(content);
        pending.Keep();
    }

    /// <summary>Writes a file by a callback, which may throw: then nothing is left of it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        Check(path);
        using Pending pending = new(path);
        using (FileStream stream = pending.Create())
            write(stream);
        pending.Keep();
    }

    private sealed class Pending(string path) : IDisposable
    {
        private readonly string temporary = $"{path}.{Environment.ProcessId:x}{Random.Shared.Next():x}.tmp";
        private bool created;

        public FileStream Create()
        {
            FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write);
            created = true;
            return stream;
        }

        public void Keep()
        {
            File.Move(temporary, path, overwrite: true);
            created = false;
        }

        public void Dispose()
        {
            if (created)
                File.Delete(temporary);
        }
    }
}
