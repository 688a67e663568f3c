using System.IO.Compression;
using EthosU.Files;
using EthosU.Graphs;

namespace EthosU.Npy;

/// <summary>
/// NumPy's <c>.npz</c> archives: arrays by name in a ZIP file, stored or deflated. Arrays are read when asked for. Not for use by several
/// threads at once.
/// </summary>
public sealed class NumpyArchive : IDisposable
{
    private const string Extension = ".npy";
    // Deflate cannot make data smaller than this; an entry that promises more is damaged or malicious.
    private const long LargestRatio = 1040;

    private readonly ZipArchive archive;
    private readonly string path;
    private readonly Dictionary<string, ZipArchiveEntry> entries = [];

    private NumpyArchive(ZipArchive archive, string path)
    {
        this.archive = archive;
        this.path = path;
        foreach (ZipArchiveEntry entry in archive.Entries)
            if (entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
                entries.TryAdd(entry.FullName[..^Extension.Length], entry);
        Names = [.. entries.Keys];
    }

    /// <summary>The arrays' names, in the archive's order, without the <c>.npy</c> of their entries.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens an archive.</summary>
    /// <exception cref="ModelFormatException">It is damaged or no archive.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NumpyArchive Open(string path)
    {
        FileStream stream = InputFile.OpenRead(path);
        try
        {
            return Described(path, () => new NumpyArchive(new ZipArchive(stream, ZipArchiveMode.Read), path));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads all arrays of an archive.</summary>
    /// <exception cref="ModelFormatException">It is damaged, no archive, or holds an array that cannot be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, NumpyArray> ReadAll(string path)
    {
        using NumpyArchive archive = Open(path);
        return archive.Names.ToDictionary(static name => name, archive.Read);
    }

    /// <summary>True if there is an array of that name.</summary>
    public bool Contains(string name) => entries.ContainsKey(name);

    /// <summary>Reads an array whole.</summary>
    /// <exception cref="ModelFormatException">There is no such array, or it is damaged or of a type that cannot be read.</exception>
    public NumpyArray Read(string name)
    {
        ZipArchiveEntry entry = Entry(name);
        return Described(Place(name), () =>
        {
            using Stream stream = entry.Open();
            return NumpyFile.Read(stream, entry.Length, Place(name));
        });
    }

    /// <summary>Opens an array to read its rows one after the other; the archive must stay open meanwhile.</summary>
    /// <exception cref="ModelFormatException">There is no such array, or it is damaged or of a type that cannot be read.</exception>
    public NumpyRowReader OpenRows(string name) => OpenEntry(name, null);

    /// <summary>Opens an array of an archive to read its rows one after the other; the archive is closed with the reader.</summary>
    /// <exception cref="ModelFormatException">The archive is damaged, has no such array, or one of a type that cannot be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NumpyRowReader OpenRows(string path, string name)
    {
        NumpyArchive archive = Open(path);
        try
        {
            return archive.OpenEntry(name, archive);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Writes an archive; one of that name is replaced. The same arrays give the same bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">The arrays and their names, in the order in which they are written.</param>
    /// <param name="compress">False stores the arrays as they are.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, NumpyArray>> arrays, bool compress = true)
    {
        using FileStream stream = File.Create(path);
        Write(stream, arrays, compress);
    }

    /// <summary>Writes an archive to a stream.</summary>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, NumpyArray>> arrays, bool compress = true)
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, NumpyArray array) in arrays)
        {
            ZipArchiveEntry entry =
                archive.CreateEntry(name + Extension, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using Stream content = entry.Open();
            NumpyFile.Write(content, array);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => archive.Dispose();

    /// <summary>Does what reads a ZIP file and describes what the ZIP library throws.</summary>
    internal static T Described<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or OverflowException or ArgumentException)
        {
            throw Damaged(place, e);
        }
    }

    internal static ModelFormatException Damaged(string place, Exception reason) =>
        new(place, "", $"this is no ZIP archive of NumPy arrays (.npz), or it is damaged ({reason.Message.TrimEnd('.')})", reason);

    private NumpyRowReader OpenEntry(string name, IDisposable? owner)
    {
        ZipArchiveEntry entry = Entry(name);
        return Described(Place(name), () =>
        {
            Stream stream = entry.Open();
            try
            {
                return new NumpyRowReader(stream, entry.Length, Place(name), owner);
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        });
    }

    private ZipArchiveEntry Entry(string name)
    {
        if (!entries.TryGetValue(name, out ZipArchiveEntry? entry))
        {
            string present = Names.Count == 0 ? "it holds no arrays" : $"it holds {string.Join(", ", Names.Select(static n => $"'{n}'"))}";
            throw new ModelFormatException(path, "", $"there is no array '{name}' in the archive; {present}");
        }
        if (entry.Length > Math.Max(entry.CompressedLength, 1) * LargestRatio)
            throw new ModelFormatException(Place(name), "",
                $"{entry.CompressedLength} compressed bytes cannot hold the {entry.Length} that the archive promises");
        return entry;
    }

    private string Place(string name) => $"{path}, array '{name}'";
}
