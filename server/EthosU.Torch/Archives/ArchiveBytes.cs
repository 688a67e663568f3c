using Microsoft.Win32.SafeHandles;

namespace EthosU.Torch.Archives;

/// <summary>The bytes of an archive: a part of a file that is open, or of memory.</summary>
internal sealed class ArchiveBytes
{
    private readonly SafeFileHandle? file;
    private readonly ReadOnlyMemory<byte> memory;
    private readonly long start;

    private ArchiveBytes(SafeFileHandle? file, ReadOnlyMemory<byte> memory, long start, long length) =>
        (this.file, this.memory, this.start, Length) = (file, memory, start, length);

    /// <summary>How many there are.</summary>
    public long Length { get; }

    /// <summary>A whole file, which must stay open.</summary>
    public static ArchiveBytes Of(FileStream stream) => new(stream.SafeFileHandle, default, 0, stream.Length);

    /// <summary>Bytes in memory.</summary>
    public static ArchiveBytes Of(ReadOnlyMemory<byte> memory) => new(null, memory, 0, memory.Length);

    /// <summary>A part of them; the caller has checked that it lies inside.</summary>
    public ArchiveBytes Slice(long offset, long length) => file is null
        ? new(null, memory.Slice((int)offset, (int)length), 0, length) : new(file, default, start + offset, length);

    /// <summary>A part of them: from memory without a copy; the caller has checked that it lies inside.</summary>
    /// <exception cref="EndOfStreamException">The file has become shorter.</exception>
    public ReadOnlyMemory<byte> Read(long offset, int count)
    {
        if (file is null)
            return memory.Slice((int)offset, count);
        var bytes = GC.AllocateUninitializedArray<byte>(count);
        for (int done = 0; done < count;)
        {
            int read = RandomAccess.Read(file, bytes.AsSpan(done), start + offset + done);
            done += read > 0 ? read : throw new EndOfStreamException("the file has become shorter while it was read");
        }
        return bytes;
    }
}
