using System.Buffers.Binary;

namespace EthosU.Files;

/// <summary>
/// What the system says of a name, symbolic links followed. .NET tells neither devices from files nor two names of one file apart, so on
/// Unix the system is asked itself; nothing is opened, since to open a pipe can wait for ever.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Identity">Equal for two names of one file, whatever links lead there; null if there is none.</param>
/// <param name="Owner">User and group, on Unix.</param>
internal readonly record struct FileStatus(FileKind Kind, string? Identity, (uint User, uint Group)? Owner)
{
    // The layouts are those of the systems' manuals: statx(2) of Linux, stat(2) of macOS with 64-bit inodes.
    private const int LinuxUser = 20, LinuxGroup = 24, LinuxMode = 28, LinuxInode = 32, LinuxDeviceMajor = 136, LinuxDeviceMinor = 140;
    private const int MacDevice = 0, MacMode = 4, MacInode = 8, MacUser = 16, MacGroup = 20;
    private const int TypeMask = 0xF000;

    /// <summary>Asks for a name.</summary>
    public static FileStatus Of(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            return default;
        if (OperatingSystem.IsLinux())
            return OfLinux(path);
        return OperatingSystem.IsMacOS() ? OfMac(path) : OfOther(path);
    }

    private static FileStatus OfLinux(string path)
    {
        Span<byte> buffer = stackalloc byte[NativeMethods.LargestStatus];
        if (NativeMethods.LinuxStatus(path, buffer) != 0)
            return default;
        return new(KindOf(BinaryPrimitives.ReadUInt16LittleEndian(buffer[LinuxMode..])),
            $"{Word(buffer, LinuxDeviceMajor)}:{Word(buffer, LinuxDeviceMinor)}:{BinaryPrimitives.ReadUInt64LittleEndian(buffer[LinuxInode..])}",
            (Word(buffer, LinuxUser), Word(buffer, LinuxGroup)));
    }

    private static FileStatus OfMac(string path)
    {
        Span<byte> buffer = stackalloc byte[NativeMethods.LargestStatus];
        if (NativeMethods.MacStatus(path, buffer) != 0)
            return default;
        return new(KindOf(BinaryPrimitives.ReadUInt16LittleEndian(buffer[MacMode..])),
            $"{Word(buffer, MacDevice)}:{BinaryPrimitives.ReadUInt64LittleEndian(buffer[MacInode..])}",
            (Word(buffer, MacUser), Word(buffer, MacGroup)));
    }

    private static FileStatus OfOther(string path)
    {
        string full = Path.GetFullPath(path);
        // Windows turns NUL, CON and their like into names in the room of devices.
        if (full.StartsWith(@"\\.\", StringComparison.Ordinal) || full.StartsWith(@"\\?\GLOBALROOT", StringComparison.OrdinalIgnoreCase))
            return new(FileKind.Device, full, null);
        if (Directory.Exists(full))
            return new(FileKind.Folder, full.ToUpperInvariant(), null);
        if (!File.Exists(full))
            return default;
        string target = File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        return new(FileKind.Regular, target.ToUpperInvariant(), null);
    }

    private static uint Word(ReadOnlySpan<byte> buffer, int at) => BinaryPrimitives.ReadUInt32LittleEndian(buffer[at..]);

    private static FileKind KindOf(int mode) => (mode & TypeMask) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Folder,
        0x1000 => FileKind.Pipe,
        0xC000 => FileKind.Socket,
        _ => FileKind.Device,
    };
}
