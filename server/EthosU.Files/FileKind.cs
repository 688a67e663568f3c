namespace EthosU.Files;

/// <summary>What stands under a name in a file system.</summary>
public enum FileKind
{
    /// <summary>Nothing.</summary>
    Missing,
    /// <summary>A regular file: bytes on a disk.</summary>
    Regular,
    /// <summary>A folder.</summary>
    Folder,
    /// <summary>A device, such as <c>/dev/zero</c> or <c>NUL</c>.</summary>
    Device,
    /// <summary>A named pipe.</summary>
    Pipe,
    /// <summary>A socket.</summary>
    Socket,
}

/// <summary>Names of the kinds.</summary>
public static class FileKindNames
{
    /// <summary>The kind as a user calls it, with its article.</summary>
    public static string WithArticle(this FileKind kind) => kind switch
    {
        FileKind.Missing => "nothing",
        FileKind.Regular => "a file",
        FileKind.Folder => "a folder",
        FileKind.Device => "a device",
        FileKind.Pipe => "a pipe",
        _ => "a socket",
    };
}
