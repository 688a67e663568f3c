using System.Buffers.Binary;
using System.Text;

namespace EthosU.Interpreter.Detection;

/// <summary>
/// The numbers of a FlexBuffers map, in which custom operators keep their options (https://flatbuffers.dev/flatbuffers_internals.html,
/// FlexBuffers). Values of other kinds are left out.
/// </summary>
internal static class FlexMap
{
    private const int Int = 1, UInt = 2, Float = 3, IndirectInt = 6, IndirectUInt = 7, IndirectFloat = 8, Map = 9, Bool = 26;
    private const int MaxEntries = 1 << 12;

    /// <summary>Reads the map at the root.</summary>
    /// <exception cref="InvalidOperationException">The bytes are no such map.</exception>
    public static Dictionary<string, double> Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return ReadRoot(bytes);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or ArithmeticException)
        {
            throw new InvalidOperationException("its options are damaged", e);
        }
    }

    private static Dictionary<string, double> ReadRoot(ReadOnlySpan<byte> bytes)
    {
        int rootWidth = bytes[^1], root = bytes.Length - 2 - rootWidth;
        if (bytes[^2] >> 2 != Map)
            throw new InvalidOperationException("its options are no map");
        int width = 1 << (bytes[^2] & 3), values = Follow(bytes, root, rootWidth);
        int count = Count(bytes, values - width, width);
        int keyWidth = Count(bytes, values - (2 * width), width), keys = Follow(bytes, values - (3 * width), width);
        if (count > MaxEntries)
            throw new InvalidOperationException("its options have too many entries");
        Dictionary<string, double> result = [];
        for (int i = 0; i < count; i++)
        {
            int key = Follow(bytes, keys + (i * keyWidth), keyWidth);
            int length = bytes[key..].IndexOf((byte)0);
            if (length < 0)
                throw new InvalidOperationException("a name among its options has no end");
            int packed = bytes[values + (count * width) + i];
            if (Number(bytes, values + (i * width), width, packed >> 2, 1 << (packed & 3)) is { } number)
                result[Encoding.UTF8.GetString(bytes.Slice(key, length))] = number;
        }
        return result;
    }

    private static double? Number(ReadOnlySpan<byte> bytes, int at, int width, int type, int childWidth) => type switch
    {
        Int => Signed(bytes, at, width),
        UInt or Bool => Unsigned(bytes, at, width),
        Float => Real(bytes, at, width),
        IndirectInt => Signed(bytes, Follow(bytes, at, width), childWidth),
        IndirectUInt => Unsigned(bytes, Follow(bytes, at, width), childWidth),
        IndirectFloat => Real(bytes, Follow(bytes, at, width), childWidth),
        _ => null,
    };

    private static int Follow(ReadOnlySpan<byte> bytes, int at, int width) => checked(at - (int)Unsigned(bytes, at, width));

    private static int Count(ReadOnlySpan<byte> bytes, int at, int width) => checked((int)Unsigned(bytes, at, width));

    private static ulong Unsigned(ReadOnlySpan<byte> bytes, int at, int width) => width switch
    {
        1 => bytes[at],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]),
        8 => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]),
        _ => throw new InvalidOperationException($"its options hold numbers of {width} bytes"),
    };

    private static long Signed(ReadOnlySpan<byte> bytes, int at, int width) => width switch
    {
        1 => (sbyte)bytes[at],
        2 => BinaryPrimitives.ReadInt16LittleEndian(bytes[at..]),
        4 => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]),
        _ => unchecked((long)Unsigned(bytes, at, width)),
    };

    private static double Real(ReadOnlySpan<byte> bytes, int at, int width) => width switch
    {
        2 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes[at..]),
        4 => BinaryPrimitives.ReadSingleLittleEndian(bytes[at..]),
        8 => BinaryPrimitives.ReadDoubleLittleEndian(bytes[at..]),
        _ => throw new InvalidOperationException($"its options hold real numbers of {width} bytes"),
    };
}
