using System.Buffers.Binary;
using System.Text;

namespace EthosU.Fuzz.Mutants;

/// <summary>Changes a Protocol Buffers message by its wire format, field by field, so that what comes out is a message again.</summary>
internal static class ProtobufMutator
{
    private const int Deepest = 12;

    private sealed class Field
    {
        public int Number { get; set; }
        public int Wire { get; init; }
        public ulong Value { get; set; }
        public byte[] Bytes { get; set; } = [];
        public List<Field>? Inner { get; set; }
    }

    /// <summary>A changed copy; fields may come from another message.</summary>
    public static byte[] Mutate(byte[] message, byte[] other, Random random)
    {
        if (Parse(message, 0) is not { } root)
            return message;
        List<Field>? donor = null;
        for (int changes = random.Next(1, 4); changes > 0; changes--)
            Change(root, () => donor ??= Parse(other, 0) ?? [], random);
        return Write(root);
    }

    private static void Change(List<Field> root, Func<List<Field>> donor, Random random)
    {
        List<(List<Field> Parent, int Index)> places = [];
        Collect(root, places);
        if (places.Count == 0)
            return;
        (List<Field> parent, int index) = places[random.Next(places.Count)];
        Field field = parent[index];
        switch (random.Next(9))
        {
            case 0:
                parent.RemoveAt(index);
                break;
            case 1:
                parent.Insert(random.Next(parent.Count + 1), Clone(field));
                break;
            case 2 when parent.Count > 1:
                int swap = random.Next(parent.Count);
                (parent[index], parent[swap]) = (parent[swap], parent[index]);
                break;
            case 3:
                List<(List<Field> Parent, int Index)> donors = [];
                Collect(donor(), donors);
                Field[] alike = [.. donors.Select(static place => place.Parent[place.Index])
                    .Where(candidate => candidate.Number == field.Number && candidate.Wire == field.Wire)];
                if (alike.Length > 0)
                    parent[index] = Clone(alike[random.Next(alike.Length)]);
                break;
            case 4 when random.Next(4) == 0:
                field.Number = random.Next(1, 30);
                break;
            default:
                ChangeValue(field, random);
                break;
        }
    }

    private static void ChangeValue(Field field, Random random)
    {
        if (field.Wire == 0)
        {
            field.Value = (ulong)Interesting.Number(random, (long)field.Value);
        }
        else if (field.Wire is 1 or 5)
        {
            field.Value = field.Wire == 5
                ? BitConverter.SingleToUInt32Bits(Interesting.Float(random, BitConverter.UInt32BitsToSingle((uint)field.Value)))
                : BitConverter.DoubleToUInt64Bits(Interesting.Float(random, (float)BitConverter.UInt64BitsToDouble(field.Value)));
        }
        else if (field.Inner is not null && random.Next(4) > 0)
        {
            field.Inner.Reverse();
        }
        else if (field.Bytes.Length >= 4 && random.Next(2) == 0)
        {
            // Raw data of tensors: whole elements.
            byte[] bytes = [.. field.Bytes];
            int at = random.Next(bytes.Length / 4) * 4;
            if (random.Next(2) == 0)
                BinaryPrimitives
                    .WriteSingleLittleEndian(bytes.AsSpan(at),
                    Interesting.Float(random, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at))));
            else
                BinaryPrimitives
                    .WriteInt32LittleEndian(bytes.AsSpan(at),
                    (int)Interesting.Number(random, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at))));
            (field.Bytes, field.Inner) = (bytes, null);
        }
        else
        {
            (field.Bytes, field.Inner) =
                (random.Next(3) == 0 ? field.Bytes[..random.Next(field.Bytes.Length + 1)]
                : Encoding.UTF8.GetBytes(Interesting.Text(random)), null);
        }
    }

    private static void Collect(List<Field> fields, List<(List<Field> Parent, int Index)> places)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            places.Add((fields, i));
            if (fields[i].Inner is { } inner)
                Collect(inner, places);
        }
    }

    private static Field Clone(Field field) => new()
    {
        Number = field.Number, Wire = field.Wire, Value = field.Value, Bytes = field.Bytes, Inner = field.Inner?.ConvertAll(Clone),
    };

    private static List<Field>? Parse(ReadOnlySpan<byte> bytes, int depth)
    {
        List<Field> fields = [];
        while (bytes.Length > 0)
        {
            if (!TryVarint(ref bytes, out ulong tag) || tag >> 3 is 0 or > 1 << 16)
                return null;
            int number = (int)(tag >> 3), wire = (int)(tag & 7);
            ulong value = 0;
            switch (wire)
            {
                case 0 when TryVarint(ref bytes, out value):
                    fields.Add(new() { Number = number, Wire = wire, Value = value });
                    break;
                case 1 when bytes.Length >= 8:
                    fields.Add(new() { Number = number, Wire = wire, Value = BinaryPrimitives.ReadUInt64LittleEndian(bytes) });
                    bytes = bytes[8..];
                    break;
                case 5 when bytes.Length >= 4:
                    fields.Add(new() { Number = number, Wire = wire, Value = BinaryPrimitives.ReadUInt32LittleEndian(bytes) });
                    bytes = bytes[4..];
                    break;
                case 2 when TryVarint(ref bytes, out value) && value <= (ulong)bytes.Length:
                    byte[] content = bytes[..(int)value].ToArray();
                    bytes = bytes[(int)value..];
                    fields.Add(new() { Number = number, Wire = wire, Bytes = content, Inner = depth < Deepest
                        && content.Length is > 1 and < 1 << 20 && !IsText(content) ? Parse(content, depth + 1) : null });
                    break;
                default:
                    return null;
            }
        }
        return fields;
    }

    private static bool IsText(byte[] bytes) => bytes.All(static b => b is >= 0x20 and < 0x7F);

    private static byte[] Write(List<Field> fields)
    {
        using MemoryStream stream = new();
        foreach (Field field in fields)
        {
            WriteVarint(stream, ((ulong)field.Number << 3) | (uint)field.Wire);
            switch (field.Wire)
            {
                case 0:
                    WriteVarint(stream, field.Value);
                    break;
                case 1:
                    stream.Write(BitConverter.GetBytes(field.Value));
                    break;
                case 5:
                    stream.Write(BitConverter.GetBytes((uint)field.Value));
                    break;
                default:
                    byte[] content = field.Inner is { } inner ? Write(inner) : field.Bytes;
                    WriteVarint(stream, (ulong)content.Length);
                    stream.Write(content);
                    break;
            }
        }
        return stream.ToArray();
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < 10 && i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }
        return false;
    }

    private static void WriteVarint(MemoryStream stream, ulong value)
    {
        for (; value > 0x7F; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
