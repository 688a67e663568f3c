using System.Runtime.InteropServices;

namespace EthosU.Files;

/// <summary>The few calls of the system that .NET has no name for.</summary>
internal static partial class NativeMethods
{
    /// <summary>Bytes that hold every system's answer.</summary>
    public const int LargestStatus = 256;

    private const int CurrentFolder = -100;
    private const uint BasicFields = 0x7FF;

    public static int LinuxStatus(string path, Span<byte> buffer) => Statx(CurrentFolder, path, 0, BasicFields, buffer);

    public static int MacStatus(string path, Span<byte> buffer) =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? StatOfIntelMac(path, buffer) : Stat(path, buffer);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> buffer);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, Span<byte> buffer);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatOfIntelMac(string path, Span<byte> buffer);
}
