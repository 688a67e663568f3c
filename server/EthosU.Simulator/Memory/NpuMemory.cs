namespace EthosU.Simulator;

/// <summary>
/// The memory that a stream works on: up to 8 regions of bytes (npu-commands 1.4), and for each byte whether something has written it.
/// </summary>
public sealed class NpuMemory
{
    /// <summary>Number of regions.</summary>
    public const int RegionCount = 8;

    private const ushort FirstWriter = 2;
    private readonly MemoryRegion?[] regions = new MemoryRegion?[RegionCount];

    /// <summary>The number of the last operation that wrote: later ones have larger numbers.</summary>
    internal ushort LastWriter { get; private set; } = FirstWriter;

    /// <summary>Sets a region that is written all over and that streams must not write: region 0.</summary>
    /// <param name="region">Its number.</param>
    /// <param name="content">Its bytes; not copied.</param>
    public void SetReadOnly(int region, ReadOnlyMemory<byte> content) => regions[region] = new(content);

    /// <summary>Sets a region that nothing has written.</summary>
    /// <param name="region">Its number.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="fill">The value of all bytes.</param>
    public void SetScratch(int region, int size, byte fill = 0)
    {
        byte[] bytes = new byte[size];
        if (fill != 0)
            bytes.AsSpan().Fill(fill);
        SetScratch(region, bytes);
    }

    /// <summary>Sets a region that nothing has written, of bytes that others work on too.</summary>
    /// <param name="region">Its number.</param>
    /// <param name="bytes">Its bytes; not copied.</param>
    public void SetScratch(int region, byte[] bytes) => regions[region] = new(bytes);

    /// <summary>Makes a region the same memory as another.</summary>
    public void SetAlias(int region, int target) => regions[region] = regions[target];

    /// <summary>Writes bytes from outside: an input.</summary>
    /// <exception cref="ArgumentException">There is no such region, it is read-only, or the bytes do not fit.</exception>
    public void Write(int region, int address, ReadOnlySpan<byte> bytes)
    {
        MarkWritten(region, address, bytes.Length);
        bytes.CopyTo(regions[region]!.Bytes[address..]);
    }

    /// <summary>Says that bytes have been written from outside.</summary>
    /// <exception cref="ArgumentException">There is no such region, it is read-only, or the bytes lie outside.</exception>
    public void MarkWritten(int region, int address, int length)
    {
        if (regions[region] is not { IsReadOnly: false } target || address < 0 || length > target.Size - address)
            throw new ArgumentException($"{length} bytes do not fit region {region} at {address}", nameof(length));
        target.MarkWritten(address, length);
    }

    /// <summary>Reads bytes from outside: an output.</summary>
    /// <exception cref="ArgumentException">There is no such region, or the range lies outside.</exception>
    public byte[] Read(int region, int address, int length)
    {
        if (regions[region] is not { } source || address < 0 || length < 0 || length > source.Size - address)
            throw new ArgumentException($"{length} bytes at {address} are not in region {region}", nameof(length));
        return source.Bytes.Slice(address, length).ToArray();
    }

    /// <summary>Number of bytes of a range that nothing has written.</summary>
    public int CountUnwritten(int region, int address, int length) => regions[region]?.CountUnwritten(address, length) ?? length;

    /// <summary>Forgets what has been written: the next inference begins.</summary>
    public void Forget()
    {
        foreach (MemoryRegion? region in regions)
            region?.ForgetAll();
        LastWriter = FirstWriter;
    }

    /// <summary>A region, or null.</summary>
    internal MemoryRegion? Region(int region) => regions[region];

    /// <summary>The number of the next operation. When the numbers are used up, all before it count as one.</summary>
    internal ushort NextWriter()
    {
        if (LastWriter == ushort.MaxValue)
        {
            foreach (MemoryRegion? region in regions)
                region?.ForgetWriters();
            LastWriter = FirstWriter;
        }
        return ++LastWriter;
    }

    /// <summary>True if two numbers stand for the same memory.</summary>
    internal bool IsSame(int a, int b) => a == b || (regions[a] is not null && ReferenceEquals(regions[a], regions[b]));
}
