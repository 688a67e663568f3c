using System.Runtime.InteropServices;
using EthosU.Graphs;

namespace EthosU.Interpreter.Movement;

/// <summary>TRANSPOSE without a table of positions, so that large weights need no memory beside their own.</summary>
internal static class Permutation
{
    public static TensorData Apply(TensorData source, ReadOnlySpan<int> permutation)
    {
        Shape shape = source.Shape.Permute(permutation);
        byte[] result = new byte[source.Bytes.Length];
        switch (source.Type.ByteSize())
        {
            case 1:
                Move<byte>(source, shape, permutation, result);
                break;
            case 2:
                Move<ushort>(source, shape, permutation, result);
                break;
            case 4:
                Move<uint>(source, shape, permutation, result);
                break;
            default:
                Move<ulong>(source, shape, permutation, result);
                break;
        }
        return new(source.Type, shape, result);
    }

    private static void Move<T>(TensorData source, Shape shape, ReadOnlySpan<int> permutation, byte[] result) where T : unmanaged
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(source.Bytes.Span);
        Span<T> to = MemoryMarshal.Cast<byte, T>(result.AsSpan());
        if (to.IsEmpty)
            return;
        int rank = shape.Rank, inner = rank == 0 ? 1 : shape[rank - 1];
        var own = source.Shape.Strides();
        Span<long> strides = stackalloc long[rank];
        for (int axis = 0; axis < rank; axis++)
            strides[axis] = own[permutation[axis]];
        int step = rank == 0 ? 1 : (int)strides[rank - 1];
        Span<int> position = stackalloc int[rank];
        long start = 0;
        for (int row = 0; row < to.Length; row += inner)
        {
            int at = (int)start;
            for (int i = 0; i < inner; i++, at += step)
                to[row + i] = from[at];
            for (int axis = rank - 2; axis >= 0; axis--)
            {
                start += strides[axis];
                if (++position[axis] < shape[axis])
                    break;
                start -= strides[axis] * shape[axis];
                position[axis] = 0;
            }
        }
    }
}
