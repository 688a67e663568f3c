using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Movement;

/// <summary>TRANSPOSE of large tensors, step by step: a list of its copies takes several times the tensor's memory.</summary>
internal static class StridedTranspose
{
    private const int Least = 1 << 16; // elements

    /// <summary>The kernel; null for small tensors, and for axes that do not suit the shapes.</summary>
    public static PreparedKernel? TryPrepare(NodeFacts facts)
    {
        Shape from = facts.Input(0).Shape, to = facts.Output.Shape;
        int[] axes = facts.Integers(1);
        if (from.ElementCount is < Least or > int.MaxValue || !axes.Order().SequenceEqual(Enumerable.Range(0, from.Rank))
            || from.Permute(axes) != to)
            return null;
        long[] strides = [.. from.Strides()];
        int[] sizes = [.. to], steps = [.. axes.Select(axis => (int)strides[axis])];
        return facts.Output.Type.ByteSize() switch
        {
            1 => new(frame => StridedRows.Gather(frame.Input<byte>(0), frame.Output<byte>(), sizes, steps)),
            2 => new(frame => StridedRows.Gather(frame.Input<ushort>(0), frame.Output<ushort>(), sizes, steps)),
            4 => new(frame => StridedRows.Gather(frame.Input<uint>(0), frame.Output<uint>(), sizes, steps)),
            8 => new(frame => StridedRows.Gather(frame.Input<ulong>(0), frame.Output<ulong>(), sizes, steps)),
            _ => null,
        };
    }
}
