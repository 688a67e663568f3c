using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using EthosU.Graphs;

namespace EthosU.Torch.Archives;

/// <summary>A zip archive: entries are read whole, each against its checksum, what is not packed without a copy of it.</summary>
internal sealed class Archive
{
    private const int LocalHeader = 30, Deflated = 8;
    private const uint LocalMark = 0x04034B50;
    private const long LargestRatio = 1032, RatioSlack = 64; // the most that deflate can do
    private readonly ArchiveBytes bytes;
    private readonly string file;
    private readonly ReadBudget budget;

    private Archive(ArchiveBytes bytes, string file, ReadBudget budget) =>
        (this.bytes, this.file, this.budget, Entries) = (bytes, file, budget, ZipDirectory.Read(bytes, file));

    /// <summary>The entries by name.</summary>
    public IReadOnlyDictionary<string, ArchiveEntry> Entries { get; }

    /// <summary>An archive that is a file, which must stay open.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="ModelFormatException">It is no whole zip archive.</exception>
    public static Archive Open(FileStream stream, string file) => new(ArchiveBytes.Of(stream), file, new(stream.Length));

    /// <summary>An archive that is an entry of this one.</summary>
    /// <exception cref="ModelFormatException">It is no whole zip archive.</exception>
    public Archive OpenInner(ArchiveEntry entry)
    {
        string name = $"{file}: {entry.Name}";
        if (entry.Method == 0 && !entry.IsEncrypted)
            return new(bytes.Slice(Data(entry), entry.Packed), name, budget);
        ReadOnlyMemory<byte> content = Read(entry, Array.MaxLength);
        budget.AddStored(content.Length);
        return new(ArchiveBytes.Of(content), name, budget);
    }

    /// <summary>The bytes of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="largest">The most that it may have.</param>
    /// <exception cref="ModelFormatException">It is damaged, packed in a way that is not read, or larger.</exception>
    public ReadOnlyMemory<byte> Read(ArchiveEntry entry, long largest)
    {
        if (entry.IsEncrypted)
            throw Problem(entry, "it is encrypted");
        if (entry.Length > Math.Min(largest, Array.MaxLength))
            throw Problem(entry, $"it declares {entry.Length:N0} bytes; at most {Math.Min(largest, Array.MaxLength):N0} are read");
        ReadOnlyMemory<byte> content = entry.Method switch
        {
            0 => Stored(entry),
            Deflated => Unpacked(entry),
            _ => throw Problem(entry, $"it is packed by method {entry.Method}; save the network again, or pack it with deflate"),
        };
        return Crc32.HashToUInt32(content.Span) == entry.Checksum ? content
            : throw Problem(entry, "its checksum is wrong: the file is damaged");
    }

    private ReadOnlyMemory<byte> Stored(ArchiveEntry entry) => budget.TakeStored(entry.Length)
        ? bytes.Read(Data(entry), (int)entry.Length) : throw Problem(entry, "it shares its bytes with other entries");

    private ReadOnlyMemory<byte> Unpacked(ArchiveEntry entry)
    {
        if (!budget.TakeStored(entry.Packed))
            throw Problem(entry, "it shares its bytes with other entries");
        if (entry.Length > (entry.Packed + RatioSlack) * LargestRatio)
            throw Problem(entry, $"it declares {entry.Length:N0} bytes, more than {entry.Packed:N0} packed ones can hold");
        if (!budget.TakeUnpacked(entry.Length))
            throw Problem(entry, "the archive declares many times the file's size; save the network again without packing it");
        var content = new byte[entry.Length];
        ReadOnlyMemory<byte> packed = bytes.Read(Data(entry), (int)entry.Packed);
        try
        {
            using DeflateStream inflate = new(Stream(packed), CompressionMode.Decompress);
            if (inflate.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length || inflate.ReadByte() >= 0)
                throw Problem(entry, "it does not unpack to the size that it declares");
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException(file, entry.Name, "it cannot be unpacked: the file is damaged", e);
        }
        return content;
    }

    /// <summary>Where an entry's bytes begin: behind its own header, of which only the length counts.</summary>
    private long Data(ArchiveEntry entry)
    {
        if (entry.Header > bytes.Length - LocalHeader || bytes.Read(entry.Header, LocalHeader).Span is var header
            && BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalMark)
            throw Problem(entry, "it is not where the directory of the archive says");
        ReadOnlySpan<byte> found = bytes.Read(entry.Header, LocalHeader).Span;
        long start = entry.Header + LocalHeader + BinaryPrimitives.ReadUInt16LittleEndian(found[26..])
            + BinaryPrimitives.ReadUInt16LittleEndian(found[28..]);
        return start <= bytes.Length - entry.Packed ? start : throw Problem(entry, "it leaves the archive");
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> content) => MemoryMarshal.TryGetArray(content, out ArraySegment<byte> part)
        ? new(part.Array!, part.Offset, part.Count, writable: false) : new(content.ToArray(), writable: false);

    private ModelFormatException Problem(ArchiveEntry entry, string what) => new(file, entry.Name, what);
}
