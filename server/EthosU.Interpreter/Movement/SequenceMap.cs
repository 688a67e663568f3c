using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Movement;

/// <summary>REVERSE_SEQUENCE: the first elements of each sequence turned round, the rest left in place.</summary>
internal static class SequenceMap
{
    public static TensorData[] Reversed(KernelCall call)
    {
        var op = (ReverseSequence)call.Node.Operator;
        Shape shape = call.Output.Shape;
        int sequence = shape.NormalizeAxis(op.SequenceAxis), batch = shape.NormalizeAxis(op.BatchAxis);
        int[] lengths = call[1].ToInt32Array();
        if (lengths.Length != shape[batch] || lengths.Any(length => length < 0 || length > shape[sequence]))
            throw new InvalidOperationException($"lengths [{string.Join(", ", lengths)}] do not suit {shape}");
        var strides = shape.Strides();
        int[] map = new int[checked((int)shape.ElementCount)];
        for (int i = 0; i < map.Length; i++)
        {
            int position = (int)(i / strides[sequence] % shape[sequence]), length = lengths[(int)(i / strides[batch] % shape[batch])];
            map[i] = position < length ? i + (int)((length - 1 - (2 * position)) * strides[sequence]) : i;
        }
        return [IndexMap.Take(call[0], shape, map)];
    }
}
