namespace EthosU.Npu.Operations;

/// <summary>A table for the output stage (npu-operators 2.15). Equal by content.</summary>
internal sealed class LookupTable : IEquatable<LookupTable>
{
    private readonly byte[] bytes;

    private LookupTable(byte[] bytes) => this.bytes = bytes;

    /// <summary>256, 1024 or 2048 bytes as they lie in the NPU's memory.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>8 bits to 8 bits; entry 0 belongs to the smallest input.</summary>
    public static LookupTable Of(ReadOnlySpan<sbyte> entries) =>
        new(System.Runtime.InteropServices.MemoryMarshal.AsBytes(entries).ToArray());

    /// <summary>8 bits to 8 bits, from entries that are kept modulo 256.</summary>
    public static LookupTable Of8(ReadOnlySpan<int> entries)
    {
        var bytes = new byte[256];
        for (int i = 0; i < 256; i++)
            bytes[i] = unchecked((byte)entries[i]);
        return new(bytes);
    }

    /// <summary>8 bits to 32 bits.</summary>
    public static LookupTable Of32(ReadOnlySpan<int> entries)
    {
        var bytes = new byte[1024];
        for (int i = 0; i < 256; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), entries[i]);
        return new(bytes);
    }

    /// <summary>16 bits to 16 bits, interpolated between 513 points.</summary>
    public static LookupTable Of16(ReadOnlySpan<short> points)
    {
        var slopes = new short[512];
        for (int i = 0; i < slopes.Length; i++)
            slopes[i] = (short)(points[i + 1] - points[i]);
        return Of16(points, slopes);
    }

    /// <summary>16 bits to 16 bits: 512 bases and the slopes to the next.</summary>
    public static LookupTable Of16(ReadOnlySpan<short> bases, ReadOnlySpan<short> slopes)
    {
        var bytes = new byte[2048];
        for (int i = 0; i < 512; i++)
        {
            uint word = ((uint)(ushort)slopes[i] << 16) | (ushort)bases[i];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), word);
        }
        return new(bytes);
    }

    /// <inheritdoc/>
    public bool Equals(LookupTable? other) => other is not null && bytes.AsSpan().SequenceEqual(other.bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LookupTable);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
