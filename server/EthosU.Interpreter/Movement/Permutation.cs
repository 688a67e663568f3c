using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

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
        if (shape.Rank == 0)
        {
            from.CopyTo(to);
            return;
        }
        var own = source.Shape.Strides();
        int[] sizes = [.. shape], steps = new int[shape.Rank];
        for (int axis = 0; axis < steps.Length; axis++)
            steps[axis] = checked((int)own[permutation[axis]]);
        StridedRows.Gather(from, to, sizes, steps);
    }
}
