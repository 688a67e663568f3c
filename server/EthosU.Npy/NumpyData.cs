using EthosU.Graphs;

namespace EthosU.Npy;

/// <summary>Reads the elements behind a header.</summary>
internal static class NumpyData
{
    // A compressed entry can promise more than it holds: memory grows with what really arrives.
    private const int FirstAllocation = 1 << 24;

    /// <summary>All elements, little-endian and in C order.</summary>
    public static byte[] Read(Stream stream, NumpyHeader header, string name)
    {
        if (header.DataBytes > Array.MaxLength)
        {
            throw new ModelFormatException(name, "data",
                $"an array {header.Type.DisplayName()}{header.Shape} takes {header.DataBytes} bytes; at most {Array.MaxLength} can be read "
                    + $"at once");
        }
        int length = (int)header.DataBytes;
        var bytes = new byte[Math.Min(length, FirstAllocation)];
        for (int filled = 0; filled < length;)
        {
            if (filled == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
            NumpyHeader.ReadExactly(stream, bytes.AsSpan(filled), name);
            filled = bytes.Length;
        }
        if (header.BigEndian)
            SwapBytes(bytes, header.Type.ByteSize());
        return header.FortranOrder && header.Shape.Rank > 1 ? ToCOrder(bytes, header) : bytes;
    }

    /// <summary>Reverses the bytes of each element.</summary>
    public static void SwapBytes(Span<byte> bytes, int elementSize)
    {
        for (int i = 0; elementSize > 1 && i < bytes.Length; i += elementSize)
            bytes.Slice(i, elementSize).Reverse();
    }

    private static byte[] ToCOrder(ReadOnlySpan<byte> source, NumpyHeader header)
    {
        int size = header.Type.ByteSize();
        Shape shape = header.Shape;
        var strides = new long[shape.Rank];
        long stride = size;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        var result = new byte[source.Length];
        var index = new int[shape.Rank];
        long from = 0;
        for (int to = 0; to < result.Length; to += size)
        {
            source.Slice((int)from, size).CopyTo(result.AsSpan(to));
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                from -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return result;
    }
}
