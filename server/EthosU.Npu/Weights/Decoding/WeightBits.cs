using System.Buffers.Binary;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>Reads bits, the least significant bit of each byte first.</summary>
internal ref struct WeightBits(ReadOnlySpan<byte> bytes)
{
    private const int WordBytes = 8;
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Next bit.</summary>
    public long Position { get; private set; }

    /// <summary>Number of bits.</summary>
    public readonly long Length => 8L * bytes.Length;

    /// <summary>True if a read went beyond the end.</summary>
    public bool IsOverrun { get; private set; }

    /// <summary>Reads up to 32 bits; 0 beyond the end.</summary>
    public uint Read(int count)
    {
        if (count > Length - Position)
        {
            IsOverrun = true;
            Position = Length;
            return 0;
        }
        int first = (int)(Position >> 3);
        ulong word = first + WordBytes <= bytes.Length
            ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[first..])
            : Tail(first);
        uint value = (uint)(word >> (int)(Position & 7) & ((1UL << count) - 1));
        Position += count;
        return value;
    }

    /// <summary>Moves to the next byte.</summary>
    public void AlignToByte() => Position = (Position + 7) & ~7L;

    private readonly ulong Tail(int first)
    {
        ulong word = 0;
        for (int i = first; i < bytes.Length; i++)
            word |= (ulong)bytes[i] << (8 * (i - first));
        return word;
    }
}
