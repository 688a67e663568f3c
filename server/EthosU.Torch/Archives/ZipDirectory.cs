using System.Buffers.Binary;
using System.Text;
using EthosU.Graphs;

namespace EthosU.Torch.Archives;

/// <summary>
/// Reads the directory of a zip archive, which stands at its end and alone tells true sizes: the entries' own headers may hold zeros
/// (pt2-format 1). An archive must be whole: the last record ends with the file, and the directory ends where the last records begin;
/// so a file that was cut is never taken for an archive inside it.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndSize = 22, LocatorSize = 20, LongEndSize = 56, HeaderSize = 46, LongestComment = ushort.MaxValue;
    private const uint EndMark = 0x06054B50, LocatorMark = 0x07064B50, LongEndMark = 0x06064B50, EntryMark = 0x02014B50;
    private const int LargestDirectory = 64 << 20, MostEntries = 200_000, LongestName = 4096;
    private const ushort LongFields = 1; // the id of the extra field with sizes of 64 bits
    private static readonly Encoding Names = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private readonly ArchiveBytes bytes;
    private readonly string file;
    private readonly Dictionary<string, ArchiveEntry> entries = new(StringComparer.Ordinal);

    private ZipDirectory(ArchiveBytes bytes, string file) => (this.bytes, this.file) = (bytes, file);

    /// <summary>The entries by name, folders left out.</summary>
    /// <exception cref="ModelFormatException">These bytes are no whole zip archive, or its directory contradicts itself.</exception>
    public static IReadOnlyDictionary<string, ArchiveEntry> Read(ArchiveBytes bytes, string file)
    {
        ZipDirectory directory = new(bytes, file);
        (long offset, long size, long count) = directory.Find();
        directory.ReadEntries(offset, size, count);
        return directory.entries;
    }

    private (long Offset, long Size, long Count) Find()
    {
        int tail = (int)Math.Min(bytes.Length, EndSize + LongestComment);
        ReadOnlySpan<byte> end = bytes.Read(bytes.Length - tail, tail).Span;
        for (int at = tail - EndSize; at >= 0; at--)
            if (UInt32(end[at..]) == EndMark && at + EndSize + UInt16(end[(at + 20)..]) == tail)
                return Found(end[at..], bytes.Length - tail + at);
        throw Problem("this is no complete zip archive: it has no directory at its end");
    }

    private (long, long, long) Found(ReadOnlySpan<byte> end, long position)
    {
        if (UInt16(end[4..]) is not 0 and not ushort.MaxValue)
            throw Problem("this is a part of a zip archive that is split over several files");
        (long count, long size, long offset) = (UInt16(end[10..]), UInt32(end[12..]), UInt32(end[16..]));
        bool saturated = count == ushort.MaxValue || size == uint.MaxValue || offset == uint.MaxValue;
        long before = position;
        if (position >= LocatorSize && bytes.Read(position - LocatorSize, LocatorSize).Span is var locator
            && UInt32(locator) == LocatorMark)
        {
            long at = Int64(locator[8..]);
            if (at < 0 || at > position - LocatorSize - LongEndSize || bytes.Read(at, LongEndSize).Span is var record
                && UInt32(record) != LongEndMark)
                throw Problem("this is no complete zip archive: a record at its end is missing");
            before = at;
            if (saturated)
            {
                ReadOnlySpan<byte> found = bytes.Read(at, LongEndSize).Span;
                (count, size, offset) = (Int64(found[32..]), Int64(found[40..]), Int64(found[48..]));
            }
        }
        else if (saturated)
            throw Problem("this is no complete zip archive: a record at its end is missing");
        if (offset < 0 || size < 0 || offset > before || size != before - offset)
            throw Problem("this is no complete zip archive: its directory does not end where its end begins");
        if (size > LargestDirectory || count is < 0 or > MostEntries)
            throw Problem($"its directory is larger than that of any network ({count:N0} entries, {size:N0} bytes)");
        return (offset, size, count);
    }

    private void ReadEntries(long offset, long size, long count)
    {
        ReadOnlySpan<byte> rest = bytes.Read(offset, (int)size).Span;
        for (long i = 0; i < count; i++)
        {
            if (rest.Length < HeaderSize || UInt32(rest) != EntryMark)
                throw Problem("the directory of the zip archive is damaged: it has fewer entries than it says");
            int name = UInt16(rest[28..]), extra = UInt16(rest[30..]), comment = UInt16(rest[32..]);
            if (rest.Length < HeaderSize + name + extra + comment)
                throw Problem("the directory of the zip archive is damaged: an entry leaves it");
            Add(rest[..HeaderSize], NameOf(rest.Slice(HeaderSize, name)), rest.Slice(HeaderSize + name, extra), offset);
            rest = rest[(HeaderSize + name + extra + comment)..];
        }
        if (!rest.IsEmpty)
            throw Problem("the directory of the zip archive is damaged: it has more entries than it says");
    }

    private void Add(ReadOnlySpan<byte> header, string name, ReadOnlySpan<byte> extra, long directory)
    {
        (long packed, long length, long start) = (UInt32(header[20..]), UInt32(header[24..]), UInt32(header[42..]));
        ReadOnlySpan<byte> wide = Wide(extra);
        Widen(ref length, ref wide);
        Widen(ref packed, ref wide);
        Widen(ref start, ref wide);
        if (packed < 0 || length < 0 || start < 0 || start > directory || packed > directory - start)
            throw Problem($"entry '{name}' lies outside the archive");
        int method = UInt16(header[10..]);
        if (method == 0 && packed != length)
            throw Problem($"entry '{name}' is stored in {packed:N0} bytes but declares {length:N0}");
        if (name.EndsWith('/'))
            return;
        if (!entries.TryAdd(name, new(name, start, packed, length, UInt32(header[16..]), method, (UInt16(header[8..]) & 1) != 0)))
            throw Problem($"entry '{name}' occurs twice");
    }

    private string NameOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > LongestName)
            throw Problem($"an entry has a name of {bytes.Length} bytes");
        string name;
        try
        {
            name = Names.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException(file, "", "an entry of the archive has a name that is no text", e);
        }
        if (name[0] is '/' or '\\' || name.Contains('\\') || name.Contains('\0') || (name.Length > 1 && name[1] == ':')
            || name.Split('/').Contains(".."))
            throw Problem($"the name of entry '{name}' leaves the archive");
        return name;
    }

    /// <summary>The sizes of 64 bits in an entry's extra fields; empty if there are none.</summary>
    private static ReadOnlySpan<byte> Wide(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int size = Math.Min(UInt16(extra[2..]), extra.Length - 4);
            if (UInt16(extra) == LongFields)
                return extra.Slice(4, size);
            extra = extra[(4 + size)..];
        }
        return [];
    }

    private void Widen(ref long value, ref ReadOnlySpan<byte> wide)
    {
        if (value != uint.MaxValue)
            return;
        if (wide.Length < sizeof(long))
            throw Problem("the directory of the zip archive is damaged: a size is missing");
        value = Int64(wide);
        wide = wide[sizeof(long)..];
    }

    private static ushort UInt16(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt16LittleEndian(at);

    private static uint UInt32(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt32LittleEndian(at);

    private static long Int64(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadInt64LittleEndian(at);

    private ModelFormatException Problem(string what) => new(file, "", what);
}
