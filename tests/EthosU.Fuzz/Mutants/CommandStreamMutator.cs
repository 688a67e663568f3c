using System.Buffers.Binary;

namespace EthosU.Fuzz.Mutants;

/// <summary>Changes the words of the command streams in a compiled file.</summary>
internal static class CommandStreamMutator
{
    private static ReadOnlySpan<byte> Start => "COP1"u8;

    /// <summary>A changed copy; the file as it is where it holds no stream.</summary>
    public static byte[] Mutate(byte[] file, Random random)
    {
        int start = file.AsSpan().IndexOf(Start);
        if (start < 0 || start + 12 > file.Length)
            return file;
        byte[] copy = [.. file];
        int words = Math.Min((copy.Length - start) / 4, 4000);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = start + (4 * random.Next(words));
            Span<byte> word = copy.AsSpan(at, 4);
            uint value = BinaryPrimitives.ReadUInt32LittleEndian(word);
            switch (random.Next(6))
            {
                case 0:
                    // The parameter of a command.
                    BinaryPrimitives.WriteUInt16LittleEndian(word[2..], (ushort)Interesting.Number(random, value >> 16));
                    break;
                case 1:
                    // Which command it is.
                    BinaryPrimitives.WriteUInt16LittleEndian(word, (ushort)((value & 0xFC00) | (uint)random.Next(0x400)));
                    break;
                case 2:
                    int other = start + (4 * random.Next(words));
                    (uint a, uint b) = (value, BinaryPrimitives.ReadUInt32LittleEndian(copy.AsSpan(other)));
                    BinaryPrimitives.WriteUInt32LittleEndian(word, b);
                    BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(other), a);
                    break;
                case 3:
                    BinaryPrimitives.WriteUInt32LittleEndian(word, value ^ (1u << random.Next(32)));
                    break;
                default:
                    BinaryPrimitives.WriteUInt32LittleEndian(word, (uint)Interesting.Number(random, value));
                    break;
            }
        }
        return copy;
    }
}
