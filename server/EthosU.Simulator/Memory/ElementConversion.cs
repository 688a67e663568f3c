using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EthosU.Graphs;

namespace EthosU.Simulator;

/// <summary>Stored elements to integers and back.</summary>
internal static class ElementConversion
{
    /// <summary>True if elements less the zero point fit 9 bits, or 16 bits for 16-bit elements.</summary>
    public static bool FitsInt16(ElementType type, int zeroPoint) => type switch
    {
        ElementType.Int8 => zeroPoint is >= sbyte.MinValue and <= sbyte.MaxValue,
        ElementType.UInt8 => zeroPoint is >= byte.MinValue and <= byte.MaxValue,
        ElementType.Int16 => zeroPoint == 0,
        _ => false,
    };

    /// <summary>Elements less the zero point, which <see cref="FitsInt16"/> allows.</summary>
    public static void ToInt16(ReadOnlySpan<byte> source, ElementType type, int zeroPoint, Span<short> target)
    {
        if (type == ElementType.Int16)
        {
            MemoryMarshal.Cast<byte, short>(source).CopyTo(target);
            return;
        }
        int i = 0;
        Vector128<short> zero = Vector128.Create((short)zeroPoint);
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref short to = ref MemoryMarshal.GetReference(target);
        for (; i <= source.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector128<byte> bytes = Vector128.LoadUnsafe(ref from, (nuint)i);
            (Vector128<short> lower, Vector128<short> upper) = type == ElementType.Int8
                ? Vector128.Widen(bytes.AsSByte())
                : WidenUnsigned(bytes);
            (lower - zero).StoreUnsafe(ref to, (nuint)i);
            (upper - zero).StoreUnsafe(ref to, (nuint)i + 8);
        }
        for (; i < source.Length; i++)
            target[i] = (short)((type == ElementType.Int8 ? (sbyte)source[i] : source[i]) - zeroPoint);
    }

    /// <summary>Elements less the zero point.</summary>
    public static void ToInt32(ReadOnlySpan<byte> source, ElementType type, int zeroPoint, Span<int> target)
    {
        switch (type)
        {
            case ElementType.Int8:
                for (int i = 0; i < source.Length; i++)
                    target[i] = (sbyte)source[i] - zeroPoint;
                break;
            case ElementType.UInt8:
                for (int i = 0; i < source.Length; i++)
                    target[i] = source[i] - zeroPoint;
                break;
            case ElementType.Int16:
                ReadOnlySpan<short> shorts = MemoryMarshal.Cast<byte, short>(source);
                for (int i = 0; i < shorts.Length; i++)
                    target[i] = shorts[i] - zeroPoint;
                break;
            case ElementType.UInt16:
                ReadOnlySpan<ushort> unsigned = MemoryMarshal.Cast<byte, ushort>(source);
                for (int i = 0; i < unsigned.Length; i++)
                    target[i] = unsigned[i] - zeroPoint;
                break;
            default:
                ReadOnlySpan<int> ints = MemoryMarshal.Cast<byte, int>(source);
                for (int i = 0; i < ints.Length; i++)
                    target[i] = unchecked(ints[i] - zeroPoint);
                break;
        }
    }

    /// <summary>Elements less the zero point, exactly.</summary>
    public static void ToInt64(ReadOnlySpan<byte> source, ElementType type, long zeroPoint, Span<long> target)
    {
        int bytes = type.ByteSize();
        for (int i = 0; i < target.Length; i++)
        {
            ReadOnlySpan<byte> element = source[(i * bytes)..];
            target[i] = unchecked(type switch
            {
                ElementType.Int8 => (sbyte)element[0],
                ElementType.UInt8 => element[0],
                ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(element),
                ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(element),
                ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(element),
                ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(element),
                _ => BinaryPrimitives.ReadInt64LittleEndian(element),
            } - zeroPoint);
        }
    }

    /// <summary>The low bytes of integers.</summary>
    public static void FromInt64(ReadOnlySpan<long> source, int elementBytes, Span<byte> target)
    {
        for (int i = 0; i < source.Length; i++)
            switch (elementBytes)
            {
                case 1:
                    target[i] = unchecked((byte)source[i]);
                    break;
                case 2:
                    BinaryPrimitives.WriteInt16LittleEndian(target[(2 * i)..], unchecked((short)source[i]));
                    break;
                case 4:
                    BinaryPrimitives.WriteInt32LittleEndian(target[(4 * i)..], unchecked((int)source[i]));
                    break;
                default:
                    BinaryPrimitives.WriteInt64LittleEndian(target[(8 * i)..], source[i]);
                    break;
            }
    }

    /// <summary>The low bytes of integers.</summary>
    public static void FromInt32(ReadOnlySpan<int> source, int elementBytes, Span<byte> target)
    {
        switch (elementBytes)
        {
            case 1:
                for (int i = 0; i < source.Length; i++)
                    target[i] = (byte)source[i];
                break;
            case 2:
                Span<short> shorts = MemoryMarshal.Cast<byte, short>(target);
                for (int i = 0; i < source.Length; i++)
                    shorts[i] = (short)source[i];
                break;
            default:
                source.CopyTo(MemoryMarshal.Cast<byte, int>(target));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<short>, Vector128<short>) WidenUnsigned(Vector128<byte> bytes)
    {
        (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(bytes);
        return (lower.AsInt16(), upper.AsInt16());
    }
}
