using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>Operators that cut, join, surround and repeat: their axes and vectors are remapped.</summary>
internal static class MovementLayouts
{
    public static NodeLayout? Find(Node node, Tensor known, Arrangement axes) =>
        MayReorder(node, axes) ? Map(node, known, axes) : null;

    /// <summary>Elements may stand in another order only along axes that the operator leaves alone.</summary>
    private static bool MayReorder(Node node, Arrangement axes)
    {
        if (!axes.HasOrders)
            return true;
        Tensor input = node.Operator is Split ? node.Input(1) : node.Input(0);
        if (input.Shape.Rank != axes.Rank || node.Output.Shape.Rank != axes.Rank || node.Operator is StridedSlice or Gather or ReverseV2)
            return false;
        return Enumerable.Range(0, axes.Rank).All(axis => axes.OrderOf(axis) is null || input.Shape[axis] == node.Output.Shape[axis]);
    }

    private static NodeLayout? Map(Node node, Tensor known, Arrangement axes) => node.Operator switch
    {
        Concatenation concat => Concatenate(node, concat, axes),
        Split when node.Inputs[0]?.Data is { } axis => new(node.Operator,
            [Axis(axis, node.Input(1).Shape, axes), new(axes)], [.. node.Outputs.Select(_ => axes)]),
        SplitV when node.Inputs[2]?.Data is { } axis => new(node.Operator,
            [new(axes), default, Axis(axis, node.Input(0).Shape, axes)], [.. node.Outputs.Select(_ => axes)]),
        Slice when Vectors(node, 2, axes) is { } vectors => new(node.Operator, [new(axes), .. vectors], [axes]),
        Tile when Vectors(node, 1, axes) is { } vectors => new(node.Operator, [new(axes), .. vectors], [axes]),
        BroadcastTo when node.Input(0).Shape.Rank == axes.Rank && Vectors(node, 1, axes) is { } vectors =>
            new(node.Operator, [new(axes), .. vectors], [axes]),
        Pad or PadV2 or MirrorPad when node.Inputs[1]?.Data is { } paddings => new(node.Operator,
            [new(axes), Paddings(paddings, axes), .. node.Inputs.Skip(2).Select(_ => default(OperandLayout))], [axes]),
        ReverseV2 when node.Inputs[1]?.Data is { } data => new(node.Operator,
            [new(axes), new(Constant: TensorData
                .From<int>(data.Shape, [.. data.ToInt32Array().Select(a => axes.PositionOf(node.Input(0).Shape.NormalizeAxis(a)))]))],
            [axes]),
        StridedSlice slice => Strided(node, slice, known, axes),
        Gather { BatchDims: 0 } gather when known != node.Input(1) => Pick(node, gather, known, axes),
        _ => null,
    };

    private static NodeLayout? Concatenate(Node node, Concatenation concat, Arrangement axes)
    {
        int axis = axes.PositionOf(node.Output.Shape.NormalizeAxis(concat.Axis));
        return new(concat with { Axis = axis },
            [.. node.Inputs.Select(
                input => input!.Data is { } data
                    ? new OperandLayout(Constant: Constants.Arrange(data, axes), Quantization: Constants.PerTensor(input)) : new(axes))],
            [axes]);
    }

    private static OperandLayout Axis(TensorData axis, Shape shape, Arrangement axes) =>
        new(Constant: TensorData.From<int>(axis.Shape, [axes.PositionOf(shape.NormalizeAxis(axis.ToInt32Array()[0]))]));

    /// <summary>Constant int32 vectors with a number for each axis, in operands 1 to count.</summary>
    private static OperandLayout[]? Vectors(Node node, int count, Arrangement axes)
    {
        var result = new OperandLayout[count];
        for (int i = 0; i < count; i++)
        {
            if (node.Input(i + 1).Data is not { Type: ElementType.Int32 } data || data.Count != axes.Rank)
                return null;
            int[] values = data.ToInt32Array();
            result[i] = new(Constant: TensorData.Vector<int>([.. axes.Axes.Select(axis => values[axis])]));
        }
        return result;
    }

    private static OperandLayout Paddings(TensorData paddings, Arrangement axes)
    {
        int[] values = paddings.ToInt32Array();
        return new(Constant: TensorData
            .From<int>(paddings.Shape, [.. axes.Axes.SelectMany(axis => (int[])[values[2 * axis], values[(2 * axis) + 1]])]));
    }

    private static NodeLayout? Strided(Node node, StridedSlice slice, Tensor known, Arrangement axes)
    {
        int rank = node.Input(0).Shape.Rank;
        if (slice.EllipsisMask != 0 || slice.NewAxisMask != 0 || node.Input(1).Shape.ElementCount != rank)
            return null;
        HashSet<int> gone = [.. Enumerable.Range(0, rank).Where(axis => (slice.ShrinkAxisMask & (1 << axis)) != 0)];
        Arrangement before = known == node.Input(0) ? axes : axes.With(gone);
        if (Vectors(node, 3, before) is not { } vectors)
            return null;
        StridedSlice moved =
            slice with { BeginMask = Mask(slice.BeginMask), EndMask = Mask(slice.EndMask), ShrinkAxisMask = Mask(slice.ShrinkAxisMask) };
        return new(moved, [new(before), .. vectors], [before.Without(gone)]);

        int Mask(int mask) => Enumerable.Range(0, rank).Sum(i => (mask & (1 << before[i])) != 0 ? 1 << i : 0);
    }

    /// <summary>A GATHER by a vector keeps the number of axes; by a scalar, one disappears.</summary>
    private static NodeLayout? Pick(Node node, Gather gather, Tensor known, Arrangement axes)
    {
        int indexRank = node.Input(1).Shape.Rank, axis = node.Input(0).Shape.NormalizeAxis(gather.Axis);
        if (indexRank > 1)
            return null;
        HashSet<int> gone = indexRank == 0 ? [axis] : [];
        Arrangement before = known == node.Input(0) ? axes : axes.With(gone);
        return new(gather with { Axis = before.PositionOf(axis) }, [new(before), default], [before.Without(gone)]);
    }
}
