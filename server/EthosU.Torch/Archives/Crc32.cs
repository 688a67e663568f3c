using System.Buffers.Binary;

namespace EthosU.Torch.Archives;

/// <summary>The checksum of zip archives: CRC-32 with the polynomial 0xEDB88320 (reflected), eight bytes a step.</summary>
internal static class Crc32
{
    private const int Step = 8, Values = 256;
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[][] Tables = MakeTables();

    /// <summary>The checksum of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint[] t0 = Tables[0], t1 = Tables[1], t2 = Tables[2], t3 = Tables[3];
        uint[] t4 = Tables[4], t5 = Tables[5], t6 = Tables[6], t7 = Tables[7];
        uint crc = uint.MaxValue;
        for (; bytes.Length >= Step; bytes = bytes[Step..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc, high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t7[(byte)low] ^ t6[(byte)(low >> 8)] ^ t5[(byte)(low >> 16)] ^ t4[low >> 24]
                ^ t3[(byte)high] ^ t2[(byte)(high >> 8)] ^ t1[(byte)(high >> 16)] ^ t0[high >> 24];
        }
        foreach (byte value in bytes)
            crc = t0[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[Step][];
        for (int step = 0; step < Step; step++)
        {
            tables[step] = new uint[Values];
            for (uint value = 0; value < Values; value++)
                tables[step][value] = step == 0 ? OfByte(value)
                    : tables[0][(byte)tables[step - 1][value]] ^ (tables[step - 1][value] >> 8);
        }
        return tables;
    }

    private static uint OfByte(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
            value = (value >> 1) ^ ((value & 1) * Polynomial);
        return value;
    }
}
