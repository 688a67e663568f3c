using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Lowering.Views;

/// <summary>One output of a SPLIT, SPLIT_V, UNPACK, SLICE or STRIDED_SLICE and where it lies in the input.</summary>
internal sealed record SlicePart(Tensor Input, Tensor Output, ImmutableArray<int> Begin, ImmutableArray<int> Count,
    ImmutableArray<int> Step)
{
    /// <summary>True if an axis runs backwards.</summary>
    public bool IsReversed => Step.Any(step => step < 0);

    /// <summary>True if channels are taken that do not lie next to each other, or backwards.</summary>
    public bool PicksChannels => Count is [.., > 1] && Step[^1] != 1;

    /// <summary>The channels that are taken, in order.</summary>
    public int[] Channels() => [.. Enumerable.Range(0, Count[^1]).Select(i => Begin[^1] + (i * Step[^1]))];

    /// <summary>All channels of the part's elements, with the input's axes; backward steps go forward.</summary>
    public View TakeRows(View input)
    {
        View view = input;
        for (int axis = 0; axis < Begin.Length - 1; axis++)
            view = Take(view, axis);
        return view;
    }

    /// <summary>The parts of a node, in the order of its outputs.</summary>
    public static IEnumerable<SlicePart> Of(Node node)
    {
        switch (node.Operator)
        {
            case Split:
                return Along(node, node.Input(1), node.Constant(0).ToInt32Array()[0], drop: false);
            case SplitV:
                return Along(node, node.Input(0), node.Constant(2).ToInt32Array()[0], drop: false);
            case Unpack unpack:
                return Along(node, node.Input(0), unpack.Axis, drop: true);
            case Slice:
                Tensor input = node.Input(0);
                int[] begin = node.Constant(1).ToInt32Array();
                int[] size = node.Constant(2).ToInt32Array();
                int rank = input.Shape.Rank;
                return
                [
                    new(input, node.Output, [.. begin],
                        [.. Enumerable.Range(0, rank).Select(axis => size[axis] < 0 ? input.Shape[axis] - begin[axis] : size[axis])],
                        [.. Enumerable.Repeat(1, rank)]),
                ];
            case StridedSlice op:
                StridedSliceGeometry geometry = StridedSliceGeometry.Resolve(
                    op, node.Input(0).Shape, node.Constant(1).ToInt32Array(), node.Constant(2).ToInt32Array(),
                    node.Constant(3).ToInt32Array());
                return [new(node.Input(0), node.Output, geometry.Begin, geometry.Count, geometry.Stride)];
            default:
                return [];
        }
    }

    /// <summary>The part of the input's elements, in the output's shape; backward steps go forward (<see cref="IsReversed"/>).</summary>
    public View Take(View input)
    {
        View view = input;
        for (int axis = 0; axis < Begin.Length; axis++)
            view = Take(view, axis);
        // Axes that disappear or are new have size 1, so that the order of the others is enough.
        return view.WithUnits(Output.Shape.Sizes.AsSpan());
    }

    private View Take(View view, int axis)
    {
        int step = Math.Abs(Step[axis]), start = Step[axis] < 0 ? Begin[axis] - ((Count[axis] - 1) * step) : Begin[axis];
        return view.Slice(axis, start, Count[axis], step);
    }

    private static IEnumerable<SlicePart> Along(Node node, Tensor input, int axis, bool drop)
    {
        axis = input.Shape.NormalizeAxis(axis);
        int start = 0;
        foreach (Tensor output in node.Outputs)
        {
            int count = drop ? 1 : output.Shape[axis];
            int rank = input.Shape.Rank;
            yield return new(input, output,
                [.. Enumerable.Range(0, rank).Select(a => a == axis ? start : 0)],
                [.. Enumerable.Range(0, rank).Select(a => a == axis ? count : input.Shape[a])],
                [.. Enumerable.Repeat(1, rank)]);
            start += count;
        }
    }
}
