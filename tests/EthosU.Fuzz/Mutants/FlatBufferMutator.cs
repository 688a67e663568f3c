using System.Buffers.Binary;

namespace EthosU.Fuzz.Mutants;

/// <summary>Changes a TensorFlow Lite file at places that mean something, in place.</summary>
internal static class FlatBufferMutator
{
    /// <summary>A changed copy.</summary>
    public static byte[] Mutate(byte[] file, Random random)
    {
        byte[] copy = [.. file];
        IReadOnlyList<Spot> spots = FlatBufferSpots.Of(copy);
        if (spots.Count == 0)
            return copy;
        for (int changes = random.Next(1, 5); changes > 0; changes--)
            Change(copy, spots[random.Next(spots.Count)], spots, random);
        return copy;
    }

    private static void Change(byte[] copy, Spot spot, IReadOnlyList<Spot> spots, Random random)
    {
        Span<byte> at = copy.AsSpan(spot.Offset, Math.Min(spot.Size, copy.Length - spot.Offset));
        switch (spot.Kind)
        {
            case SpotKind.Float when at.Length == 4:
                BinaryPrimitives.WriteSingleLittleEndian(at, Interesting.Float(random, BinaryPrimitives.ReadSingleLittleEndian(at)));
                break;
            case SpotKind.Offset when at.Length == 4:
                // Most often to something of the same kind: another tensor, another buffer.
                Spot[] near = [.. spots.Where(other => other.Kind == SpotKind.Offset && Math.Abs(other.Offset - spot.Offset) <= 64)];
                Spot chosen = near[random.Next(near.Length)];
                int target = random.Next(5) == 0 ? random.Next(copy.Length)
                    : chosen.Offset + BinaryPrimitives.ReadInt32LittleEndian(copy.AsSpan(chosen.Offset));
                BinaryPrimitives.WriteInt32LittleEndian(at, target - spot.Offset);
                break;
            case SpotKind.Entry:
                at.Clear();
                break;
            case SpotKind.Data:
                for (int i = random.Next(1, 4); i > 0; i--)
                    at[random.Next(at.Length)] = (byte)random.Next(256);
                break;
            default:
                Write(at, spot.Kind == SpotKind.Length && random.Next(2) == 0 ? random.Next(8) : Interesting.Number(random, Read(at)));
                break;
        }
    }

    private static long Read(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        8 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        >= 4 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        >= 2 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        1 => (sbyte)bytes[0],
        _ => 0,
    };

    private static void Write(Span<byte> bytes, long value)
    {
        for (int i = 0; i < bytes.Length && i < 8; i++)
            bytes[i] = (byte)(value >> (8 * i));
    }
}
