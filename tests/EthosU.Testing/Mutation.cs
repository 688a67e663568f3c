namespace EthosU.Testing;

/// <summary>Damaged copies of files, the same for the same random numbers.</summary>
public static class Mutation
{
    private static readonly uint[] Telling =
        [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x40000000, 65536];

    /// <summary>A copy with flipped bits, numbers at the edge of their range, copied, cut or inserted runs of bytes.</summary>
    public static byte[] Of(byte[] content, Random random)
    {
        List<byte> copy = [.. content];
        for (int changes = random.Next(1, 5); changes > 0 && copy.Count > 8; changes--)
        {
            int at = random.Next(copy.Count);
            switch (random.Next(6))
            {
                case 0 or 1:
                    copy[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    copy[at] = (byte)random.Next(256);
                    break;
                case 3:
                {
                    uint value = Telling[random.Next(Telling.Length)];
                    for (int i = 0; i < 4 && at + i < copy.Count; i++)
                        copy[at + i] = (byte)(value >> (8 * i));
                    break;
                }
                case 4:
                    copy.RemoveRange(at, Math.Min(random.Next(1, 64), copy.Count - at));
                    break;
                default:
                {
                    byte[] run = [.. copy.Skip(random.Next(copy.Count)).Take(random.Next(1, 64))];
                    copy.InsertRange(at, run);
                    break;
                }
            }
        }
        if (random.Next(20) == 0 && copy.Count > 0)
            copy.RemoveRange(random.Next(copy.Count), 1);
        return [.. copy];
    }
}
