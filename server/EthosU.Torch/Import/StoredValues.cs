using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Import;

/// <summary>Elements of parameters, buffers and constants, from where they lie in the file (pt2-format 2).</summary>
internal static class StoredValues
{
    private const long SmallestInt32 = int.MinValue, LargestInt32 = int.MaxValue;

    /// <summary>The elements, row by row, in the type that they are computed in.</summary>
    /// <exception cref="UnsupportedOperatorException">Their type cannot be computed with, or they lie outside their storage.</exception>
    public static TensorData Read(StoredTensor stored)
    {
        ElementType type = ElementKinds.Of(stored.Type);
        if (StorageCheck.Problem(stored) is { } problem)
            throw new UnsupportedOperatorException($"Its value is damaged: {problem}.", "Export the program again.");
        int size = StorageCheck.SizeOf(stored.Type);
        Shape shape = new([.. stored.Sizes.Select(static n => (int)n)]);
        ReadOnlyMemory<byte> elements = Gathered(stored, shape, size);
        return stored.Type switch
        {
            ScalarType.Float32 or ScalarType.UInt8 or ScalarType.Int8 or ScalarType.Int32 => new(type, shape, elements),
            ScalarType.Bool => Bytes(shape, elements.Span),
            ScalarType.Float16 => Convert<Half, float>(type, shape, elements, static v => (float)v),
            ScalarType.BFloat16 =>
                Convert<ushort, float>(type, shape, elements, static v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
            ScalarType.Float64 => Convert<double, float>(type, shape, elements, static v => (float)v),
            ScalarType.Float8E4M3 => Convert<byte, float>(type, shape, elements, static v => Small(v, 3, 7)),
            ScalarType.Float8E5M2 => Convert<byte, float>(type, shape, elements, static v => Small(v, 2, 15)),
            ScalarType.Int16 => Convert<short, int>(type, shape, elements, static v => v),
            ScalarType.UInt16 => Convert<ushort, int>(type, shape, elements, static v => v),
            ScalarType.UInt32 => Convert<uint, int>(type, shape, elements, static v => (int)Math.Min(v, LargestInt32)),
            ScalarType.UInt64 => Convert<ulong, int>(type, shape, elements, static v => (int)Math.Min(v, LargestInt32)),
            _ => Convert<long, int>(type, shape, elements, static v => (int)Math.Clamp(v, SmallestInt32, LargestInt32)),
        };
    }

    private static ReadOnlyMemory<byte> Gathered(StoredTensor stored, Shape shape, int size)
    {
        int count = checked((int)shape.ElementCount);
        var strides = shape.Strides();
        bool dense = Enumerable.Range(0, shape.Rank).All(axis => shape[axis] <= 1 || strides[axis] == stored.Strides[axis]);
        if (count == 0)
            return ReadOnlyMemory<byte>.Empty;
        if (dense)
            return stored.Storage.Slice(checked((int)(stored.Offset * size)), checked(count * size));
        byte[] result = new byte[checked(count * size)];
        ReadOnlySpan<byte> source = stored.Storage.Span;
        int[] index = new int[shape.Rank];
        long at = stored.Offset;
        for (int i = 0; i < count; i++)
        {
            source.Slice(checked((int)(at * size)), size).CopyTo(result.AsSpan(i * size));
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                at += stored.Strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                at -= index[axis] * stored.Strides[axis];
                index[axis] = 0;
            }
        }
        return result;
    }

    private static TensorData Bytes(Shape shape, ReadOnlySpan<byte> elements)
    {
        bool[] values = new bool[elements.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = elements[i] != 0;
        return TensorData.From<bool>(shape, values);
    }

    private static TensorData Convert<TFrom, TTo>(ElementType type, Shape shape, ReadOnlyMemory<byte> bytes, Func<TFrom, TTo> convert)
        where TFrom : unmanaged where TTo : unmanaged
    {
        ReadOnlySpan<TFrom> values = MemoryMarshal.Cast<byte, TFrom>(bytes.Span);
        TTo[] result = new TTo[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = convert(values[i]);
        return TensorData.Wrap(type, shape, result);
    }

    /// <summary>A real number of 8 bits: sign, exponent, so many bits of mantissa.</summary>
    private static float Small(byte bits, int mantissa, int bias)
    {
        int exponent = (bits & 0x7F) >> mantissa, fraction = bits & ((1 << mantissa) - 1), most = (1 << (7 - mantissa)) - 1;
        float sign = (bits & 0x80) != 0 ? -1 : 1;
        if (mantissa == 2 && exponent == most)
            return fraction == 0 ? sign * float.PositiveInfinity : float.NaN;
        if (mantissa == 3 && (bits & 0x7F) == 0x7F)
            return float.NaN;
        float unit = 1 << mantissa;
        return sign * (exponent == 0 ? MathF.ScaleB(fraction / unit, 1 - bias) : MathF.ScaleB(1 + (fraction / unit), exponent - bias));
    }
}
