using System.Buffers.Binary;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>Bias and scale of an output channel: 10 bytes (npu-weights 4.1).</summary>
/// <param name="Bias">A signed 40-bit number.</param>
/// <param name="Scale">The scale.</param>
public readonly record struct ChannelScale(long Bias, FixedPointScale Scale)
{
    /// <summary>Bytes of a record.</summary>
    public const int Size = 10;

    private const int BiasBits = 40;
    private const int ShiftMask = 0x3F;

    /// <summary>Reads a record from its 10 bytes.</summary>
    public static ChannelScale Read(ReadOnlySpan<byte> bytes)
    {
        long raw = BinaryPrimitives.ReadUInt32LittleEndian(bytes) | ((long)bytes[4] << 32);
        return new(raw << (64 - BiasBits) >> (64 - BiasBits),
            new(BinaryPrimitives.ReadUInt32LittleEndian(bytes[5..]), bytes[9] & ShiftMask));
    }

    /// <summary>Reads the records of all channels of a core.</summary>
    /// <exception cref="ArgumentException">There are too few bytes.</exception>
    public static ChannelScale[] ReadAll(ReadOnlySpan<byte> bytes, int channels)
    {
        if (bytes.Length < (long)channels * Size)
            throw new ArgumentException($"{channels} channels need {(long)channels * Size} bytes, there are {bytes.Length}", nameof(bytes));
        var records = new ChannelScale[channels];
        for (int i = 0; i < channels; i++)
            records[i] = Read(bytes.Slice(i * Size, Size));
        return records;
    }
}
