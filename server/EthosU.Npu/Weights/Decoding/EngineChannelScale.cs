using System.Buffers.Binary;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>Bias and scale of an output channel for an engine: 10 bytes (npu-u85 7.6).</summary>
public static class EngineChannelScale
{
    private const int Bias48 = 48, ShiftMask = 0x3F, WideMultiplier = 0x7FFF;
    private const uint Multiplier31 = 0x7FFF_FFFF;

    /// <summary>Reads a record.</summary>
    /// <param name="bytes">Its 10 bytes.</param>
    /// <param name="isWide">True for that of accumulators of 48 bits.</param>
    public static ChannelScale Read(ReadOnlySpan<byte> bytes, bool isWide)
    {
        int shift = bytes[8] & ShiftMask;
        if (!isWide)
            return new(BinaryPrimitives.ReadInt32LittleEndian(bytes),
                new(BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) & Multiplier31, shift));
        long raw = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return new(raw << (64 - Bias48) >> (64 - Bias48),
            new(BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]) & (uint)WideMultiplier, shift));
    }

    /// <summary>True if all bits of a record have a meaning.</summary>
    public static bool IsClean(ReadOnlySpan<byte> bytes) => bytes[9] == 0 && (bytes[8] & ~ShiftMask) == 0 && (bytes[7] & 0x80) == 0;
}
