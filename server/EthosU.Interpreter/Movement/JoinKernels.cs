using EthosU.Graphs;

namespace EthosU.Interpreter.Movement;

/// <summary>Operators that put tensors together along an axis, or take one apart.</summary>
internal static class JoinKernels
{
    public static TensorData[] Joined(KernelCall call)
    {
        Shape shape = call.Output.Shape;
        int axis = shape.NormalizeAxis(((Concatenation)call.Node.Operator).Axis);
        return [Join(call, [.. call.Inputs.Select(input => input!)], axis)];
    }

    public static TensorData[] Packed(KernelCall call)
    {
        int axis = call.Output.Shape.NormalizeAxis(((Pack)call.Node.Operator).Axis);
        return [Join(call, [.. call.Inputs.Select(input => input!.Reshape(new(input!.Shape.Sizes.Insert(axis, 1))))], axis)];
    }

    private static TensorData Join(KernelCall call, TensorData[] parts, int axis)
    {
        int size = call.Output.Type.ByteSize();
        byte[] result = new byte[call.Output.Shape.ElementCount * size];
        int outer = MovementKernels.Product(call.Output.Shape, 0, axis), position = 0;
        for (int i = 0; i < outer; i++)
        {
            foreach (TensorData part in parts)
            {
                int run = MovementKernels.Product(part.Shape, axis, part.Shape.Rank) * size;
                part.Bytes.Span.Slice(i * run, run).CopyTo(result.AsSpan(position));
                position += run;
            }
        }
        return new(call.Output.Type, call.Output.Shape, result);
    }

    public static TensorData[] SplitApart(KernelCall call, int index)
    {
        TensorData source = call[index];
        int axis = source.Shape.NormalizeAxis(call[index == 1 ? 0 : 2].ToInt32Array()[0]);
        return Cut(call, source, axis);
    }

    public static TensorData[] Unpacked(KernelCall call) =>
        Cut(call, call[0], call[0].Shape.NormalizeAxis(((Unpack)call.Node.Operator).Axis));

    private static TensorData[] Cut(KernelCall call, TensorData source, int axis)
    {
        int size = source.Type.ByteSize(), outer = MovementKernels.Product(source.Shape, 0, axis),
            inner = MovementKernels.Product(source.Shape, axis + 1, source.Shape.Rank);
        var results = new TensorData[call.Node.Outputs.Length];
        int start = 0, pitch = source.Shape[axis] * inner * size;
        for (int part = 0; part < results.Length; part++)
        {
            Shape shape = call.Node.Outputs[part].Shape;
            int run = checked((int)(shape.ElementCount / Math.Max(outer, 1))) * size;
            byte[] bytes = new byte[shape.ElementCount * size];
            for (int i = 0; i < outer; i++)
                source.Bytes.Span.Slice((i * pitch) + start, run).CopyTo(bytes.AsSpan(i * run));
            start += run;
            results[part] = new(source.Type, shape, bytes);
        }
        return results;
    }
}
