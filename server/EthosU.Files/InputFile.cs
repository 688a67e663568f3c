namespace EthosU.Files;

/// <summary>
/// Opens what a user or a file names, as it must be opened while nobody knows what it is: only regular files (a device never ends, a pipe
/// waits for ever), with a bound on what is read at once, and with messages that are the user's and not the operating system's.
/// </summary>
public static class InputFile
{
    /// <summary>The largest model that is read, in bytes: the most that one array holds and that either format can name.</summary>
    public const long LargestModel = int.MaxValue - 64;

    /// <summary>The largest file of text that is read (settings, configurations, Python), in bytes.</summary>
    public const long LargestText = 4 << 20;

    /// <summary>Refuses what is not a regular file.</summary>
    /// <param name="path">The path as the user gave it.</param>
    /// <param name="what">What it should be, such as <c>an ONNX model (.onnx)</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or it is a folder.</exception>
    /// <exception cref="IOException">It is a device, a pipe or a socket.</exception>
    public static void Require(string path, string what)
    {
        switch (FileStatus.Of(path).Kind)
        {
            case FileKind.Regular:
                return;
            case FileKind.Folder:
                throw new FileNotFoundException($"{path}: this is a folder; name the file in it that is {what}", path);
            case FileKind.Missing:
                throw Missing(path, what);
            case var kind:
                throw Special(path, kind, what);
        }
    }

    /// <summary>Refuses what is neither a regular file nor a folder.</summary>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="IOException">It is a device, a pipe or a socket.</exception>
    public static void RequireFileOrFolder(string path, string what)
    {
        switch (FileStatus.Of(path).Kind)
        {
            case FileKind.Regular or FileKind.Folder:
                return;
            case FileKind.Missing:
                throw Missing(path, what, "file or folder");
            case var kind:
                throw Special(path, kind, what);
        }
    }

    /// <summary>True if there is a regular file of that name.</summary>
    public static bool Exists(string path) => FileStatus.Of(path).Kind == FileKind.Regular;

    /// <summary>True if both names lead to one file, through whatever links.</summary>
    public static bool IsSame(string path, string other) =>
        FileStatus.Of(path).Identity is { } identity ? identity == FileStatus.Of(other).Identity
        : Path.GetFullPath(path) == Path.GetFullPath(other);

    /// <summary>
    /// True for a name on another computer (<c>\\server\share</c>): to ask for it alone sends the user's credentials there.
    /// </summary>
    public static bool IsOnNetwork(string path) =>
        path.Length > 1 && path[0] is '\\' or '/' && path[1] == path[0] && !(path.Length > 3 && path[2] is '?' or '.');

    /// <summary>Opens a regular file for reading.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is no regular file, or cannot be read.</exception>
    public static FileStream OpenRead(string path)
    {
        Require(path, "a file with data");
        return new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Reads a regular file whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="largest">The most bytes that it may have.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is no regular file, is larger, or cannot be read.</exception>
    public static byte[] ReadAllBytes(string path, long largest)
    {
        using FileStream stream = OpenRead(path);
        if (stream.Length > largest)
            throw new IOException($"{path}: the file has {stream.Length:N0} bytes; at most {largest:N0} are read");
        var content = new byte[stream.Length];
        int read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return read == content.Length ? content : content[..read];
    }

    /// <summary>Reads a regular file of text whole, with the encoding that its mark says, else UTF-8.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is no regular file, is larger than <see cref="LargestText"/>, or cannot be read.</exception>
    public static string ReadAllText(string path)
    {
        using StreamReader reader = new(new MemoryStream(ReadAllBytes(path, LargestText)));
        return reader.ReadToEnd();
    }

    private static FileNotFoundException Missing(string path, string what, string kind = "file") =>
        new($"{path}: there is no such {kind}; {what} was expected (the path starts from {Environment.CurrentDirectory})", path);

    private static IOException Special(string path, FileKind kind, string what) =>
        new($"{path}: this is {kind.WithArticle()}; {what} was expected, and only regular files are read");
}
