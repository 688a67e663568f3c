using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>Convolutions, pools and resizes need channels last, but another order of the channels goes into constant filters.</summary>
internal static class WindowLayouts
{
    private const int Channels = 3, MostMerged = 4;

    public static NodeLayout? Find(Node node, Tensor known, Arrangement axes)
    {
        if (axes.Rank != 4 || !axes.KeepsAxes || axes.HasOrdersBeside(Channels) || axes.OrderOf(Channels) is not { } order)
            return null;
        int data = node.Operator is TransposeConv ? 2 : 0;
        bool isInput = known == node.Input(data);
        if (!isInput && known != node.Output)
            return null;
        var operands = node.Inputs.Select(_ => default(OperandLayout)).ToArray();
        Arrangement none = Arrangement.Identity(4);
        if (node.Operator is Pool2D or Resize)
        {
            operands[0] = new(axes);
            return new(node.Operator, [.. operands], [axes]);
        }
        if (node.Input(1).Data is not { } filter || node.TryInput(data == 2 ? 3 : 2) is { IsConstant: false })
            return null;
        bool through = node.Operator is DepthwiseConv2D;
        if (through && node.Operator is not DepthwiseConv2D { DepthMultiplier: 1 })
            return null;
        int groups = GroupedFilters.GroupsOf(node);
        Tensor weights = node.Input(1);
        if (groups > 1 && (isInput || !StaysInGroups(order, groups)))
        {
            // Only one group can mix channels of several. Its zeros are multiplied too, which costs less than moving the elements.
            if (groups > MostMerged || filter.Type != ElementType.Float32)
                return null;
            weights = new Tensor(weights.Name, GroupedFilters.Merge(filter, groups, groups), weights.Quantization);
        }
        if (!Constants.Suits(weights.Data, through || isInput ? 3 : 0, order))
            return null;
        operands[data] = new(through || isInput ? axes : none);
        operands[1] = OperandLayout.OfReordered(weights, through || isInput ? 3 : 0, order);
        int bias = data == 2 ? 3 : 2;
        if ((through || !isInput) && node.TryInput(bias)?.Data is { } values)
            operands[bias] = new(Constant: Constants.Reorder(values.Reshape([values.Count]), 0, order));
        return new(node.Operator, [.. operands], [through || !isInput ? axes : none]);
    }

    private static bool StaysInGroups(int[] order, int groups)
    {
        int size = order.Length / groups;
        return order.Select((from, to) => from / size == to / size).All(same => same);
    }
}
