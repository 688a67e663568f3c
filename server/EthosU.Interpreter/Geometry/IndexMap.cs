using System.Runtime.InteropServices;
using EthosU.Graphs;

namespace EthosU.Interpreter.Geometry;

/// <summary>Rearranges elements of any type by a list of source positions.</summary>
internal static class IndexMap
{
    /// <summary>Stands for "no source": the element becomes the fill value.</summary>
    public const int Outside = -1;

    /// <summary>The elements of <paramref name="source"/> at the positions given; <see cref="Outside"/> gives the fill bytes.</summary>
    public static TensorData Take(TensorData source, Shape shape, ReadOnlySpan<int> map, ReadOnlySpan<byte> fill = default)
    {
        int size = source.Type.ByteSize();
        byte[] result = new byte[checked(map.Length * size)];
        switch (size)
        {
            case 1:
                Copy<byte>(source, result, map, fill);
                break;
            case 2:
                Copy<ushort>(source, result, map, fill);
                break;
            case 4:
                Copy<uint>(source, result, map, fill);
                break;
            default:
                Copy<ulong>(source, result, map, fill);
                break;
        }
        return new(source.Type, shape, result);
    }

    /// <summary>For each element of a result, the position that strides over the source give.</summary>
    public static int[] FromStrides(Shape shape, ReadOnlySpan<long> strides, long start = 0)
    {
        var map = new int[checked((int)shape.ElementCount)];
        if (map.Length == 0)
            return map;
        int rank = shape.Rank;
        Span<int> position = stackalloc int[rank];
        long offset = start;
        for (int i = 0; ; i++)
        {
            map[i] = (int)offset;
            int axis = rank - 1;
            for (; axis >= 0; axis--)
            {
                offset += strides[axis];
                if (++position[axis] < shape[axis])
                    break;
                offset -= strides[axis] * shape[axis];
                position[axis] = 0;
            }
            if (axis < 0)
                return map;
        }
    }

    /// <summary>For each element of a result, the position in an operand that is broadcast to it.</summary>
    public static int[] Broadcast(Shape operand, Shape result)
    {
        var strides = new long[result.Rank];
        var own = operand.Strides();
        int lead = result.Rank - operand.Rank;
        for (int axis = 0; axis < operand.Rank; axis++)
            strides[axis + lead] = operand[axis] == 1 ? 0 : own[axis];
        return FromStrides(result, strides);
    }

    private static void Copy<T>(TensorData source, byte[] result, ReadOnlySpan<int> map, ReadOnlySpan<byte> fill) where T : unmanaged
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(source.Bytes.Span);
        Span<T> to = MemoryMarshal.Cast<byte, T>(result.AsSpan());
        T outside = fill.IsEmpty ? default : MemoryMarshal.Read<T>(fill);
        for (int i = 0; i < map.Length; i++)
            to[i] = map[i] == Outside ? outside : from[map[i]];
    }
}
