using System.Runtime.InteropServices;
using EthosU.Graphs;

namespace EthosU.Interpreter.Movement;

/// <summary>
/// Movement whose index operands are constant, as a list of runs of bytes to copy, made once. The list comes from running the
/// operator itself on the positions 1, 2, 3 … in place of its elements; 0 then means "the fill value".
/// </summary>
internal static class MovementPlan
{
    /// <summary>The plan; null if operands other than the moved ones are computed.</summary>
    public static PreparedKernel? TryPrepare(NodeFacts facts, Func<KernelCall, TensorData[]> movement)
    {
        Node node = facts.Node;
        int[] moved = Moved(node);
        if (moved.Length == 0 || !facts.Output.Type.HasFixedSize() || facts.Output.Type == ElementType.Int4)
            return null;
        for (int i = 0; i < node.Inputs.Length; i++)
            if (Array.IndexOf(moved, i) < 0 && node.Inputs[i] is { IsConstant: false })
                return null;
        foreach (int i in moved)
            if (facts.Input(i).Type != facts.Output.Type && node.Operator is not Bitcast)
                return null;
        if (node.Operator is Reshape or Squeeze or ExpandDims or Bitcast)
            return new(static frame => frame.Input<byte>(0).CopyTo(frame.Output<byte>()));
        if (node.Operator is Transpose && StridedTranspose.TryPrepare(facts) is { } transpose)
            return transpose;

        TensorData?[] inputs = [.. node.Inputs.Select(input => input?.Data)];
        long count = 0;
        List<long> starts = [];
        foreach (int i in moved)
        {
            Shape shape = facts.Input(i).Shape;
            var positions = new int[shape.ElementCount];
            starts.Add(count);
            for (int j = 0; j < positions.Length; j++)
                positions[j] = checked((int)++count);
            inputs[i] = TensorData.Wrap(ElementType.Int32, shape, positions);
        }
        byte[] fill = Fill(facts);
        if (node.Operator is PadV2)
            inputs[2] = TensorData.From<int>(facts.Input(2).Shape, new int[facts.Input(2).Shape.ElementCount]);
        Node stand = node.WithOutputs([.. node.Outputs.Select(output => new Tensor(output.Name, ElementType.Int32, output.Shape))]);
        TensorData[] maps = movement(new KernelCall(stand, inputs, facts.Options, []));
        int size = facts.Output.Type.ByteSize();
        var plans = new Run[maps.Length][];
        for (int i = 0; i < maps.Length; i++)
        {
            if (maps[i].Shape != node.Outputs[i].Shape)
                throw new KernelRefusedException($"It gives {maps[i].Shape}, but '{node.Outputs[i].Name}' has {node.Outputs[i].Shape}.");
            plans[i] = Runs(maps[i].AsSpan<int>(), starts, moved);
        }
        return new(frame =>
        {
            for (int i = 0; i < plans.Length; i++)
                Copy(frame, i, plans[i], size, fill);
        });
    }

    private static void Copy(Frame frame, int output, Run[] runs, int size, byte[] fill)
    {
        switch (size)
        {
            case 1:
                Copy<byte>(frame, output, runs, fill);
                break;
            case 2:
                Copy<ushort>(frame, output, runs, fill);
                break;
            case 4:
                Copy<uint>(frame, output, runs, fill);
                break;
            case 8:
                Copy<ulong>(frame, output, runs, fill);
                break;
            default:
                Copy<UInt128>(frame, output, runs, fill);
                break;
        }
    }

    private static void Copy<T>(Frame frame, int output, Run[] runs, byte[] fill) where T : unmanaged
    {
        T outside = MemoryMarshal.Read<T>(fill);
        Span<T> to = frame.Output<T>(output);
        ReadOnlySpan<T> from = default;
        int source = -1, position = 0;
        foreach (Run run in runs)
        {
            if (run.Source < 0)
            {
                to.Slice(position, run.Count).Fill(outside);
            }
            else
            {
                if (run.Source != source)
                    from = frame.Input<T>(source = run.Source);
                if (run.Count == 1)
                    to[position] = from[run.Start];
                else
                    from.Slice(run.Start, run.Count).CopyTo(to[position..]);
            }
            position += run.Count;
        }
    }

    private static Run[] Runs(ReadOnlySpan<int> map, List<long> starts, int[] moved)
    {
        List<Run> runs = [];
        for (int i = 0; i < map.Length;)
        {
            int first = map[i], length = 1;
            if (first == 0)
            {
                while (i + length < map.Length && map[i + length] == 0)
                    length++;
                runs.Add(new(-1, 0, length));
            }
            else
            {
                int operand = starts.Count - 1;
                while (starts[operand] >= first)
                    operand--;
                long end = operand + 1 < starts.Count ? starts[operand + 1] : int.MaxValue;
                while (i + length < map.Length && map[i + length] == first + length && first + length <= end)
                    length++;
                runs.Add(new(moved[operand], (int)(first - 1 - starts[operand]), length));
            }
            i += length;
        }
        return [.. runs];
    }

    /// <summary>The operands whose elements are moved.</summary>
    private static int[] Moved(Node node) => node.Operator switch
    {
        Concatenation or Pack => [.. Enumerable.Range(0, node.Inputs.Length)],
        Split => [1],
        EmbeddingLookup => [1],
        Reshape or Squeeze or ExpandDims or Bitcast or Transpose or Slice or StridedSlice or Pad or PadV2 or MirrorPad or Tile
            or BroadcastTo or SplitV or Unpack or Gather or GatherNd or ReverseV2 or SpaceToDepth or DepthToSpace
            or SpaceToBatchNd or BatchToSpaceNd or Resize => [0],
        _ => [],
    };

    /// <summary>What stands outside the operand: PADV2's value, else real 0 in int8 and uint8 and a stored 0 in other types.</summary>
    private static byte[] Fill(NodeFacts facts)
    {
        byte[] fill = new byte[16];
        if (facts.Operator is PadV2 && facts.Input(2).Data is { } value)
            value.Bytes.Span[..facts.Output.Type.ByteSize()].CopyTo(fill);
        else if (facts.Output is { Type: ElementType.Int8 or ElementType.UInt8, Quantization: { } quantization })
            fill[0] = (byte)quantization.ZeroPoint;
        return fill;
    }

    private readonly record struct Run(int Source, int Start, int Count);
}
