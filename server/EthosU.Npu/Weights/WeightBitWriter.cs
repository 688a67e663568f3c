using System.Buffers.Binary;

namespace EthosU.Npu.Weights;

/// <summary>Writes bit fields, least significant bit first.</summary>
internal sealed class WeightBitWriter(int expectedBytes)
{
    private byte[] bytes = new byte[Math.Max(64, expectedBytes)];
    private int length;
    private ulong pending;
    private int pendingBits;

    /// <summary>Bits written.</summary>
    public long BitCount => length * 8L + pendingBits;

    /// <summary>Writes the low <paramref name="count"/> bits, at most 32; higher bits must be 0.</summary>
    public void Write(uint value, int count)
    {
        pending |= (ulong)value << pendingBits;
        pendingBits += count;
        if (pendingBits < 32)
            return;
        if (length + 8 > bytes.Length)
            Array.Resize(ref bytes, bytes.Length * 2);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(length), (uint)pending);
        length += 4;
        pending >>= 32;
        pendingBits -= 32;
    }

    /// <summary>Fills with 1-bits up to a multiple of 16 bytes.</summary>
    public byte[] Finish()
    {
        while (BitCount % 128 != 0)
            Write(1, 1);
        return bytes.AsSpan(0, length).ToArray();
    }
}
