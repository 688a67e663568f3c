using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>FULLY_CONNECTED: rows may be moved at will; another order of columns goes into constant weights.</summary>
internal static class MatrixLayouts
{
    public static NodeLayout? Find(Node node, Tensor known, Arrangement axes)
    {
        int last = axes.Rank - 1, rank = node.Input(0).Shape.Rank;
        if (known == node.Input(1) || known == node.TryInput(2) || node.Output.Shape.Rank != rank || axes.Rank != rank
            || axes[last] != last)
            return null;
        int[]? order = axes.OrderOf(last);
        Arrangement rows = axes.WithOrder(last, null);
        var operands = node.Inputs.Select(_ => default(OperandLayout)).ToArray();
        if (order is null)
        {
            operands[0] = new(axes);
            return new(node.Operator, [.. operands], [axes]);
        }
        if (!node.Input(1).IsConstant || node.TryInput(2) is { IsConstant: false })
            return null;
        bool isInput = known == node.Input(0);
        if (!Constants.Suits(node.Input(1).Data, isInput ? 1 : 0, order))
            return null;
        operands[0] = new(isInput ? axes : rows);
        operands[1] = OperandLayout.OfReordered(node.Input(1), isInput ? 1 : 0, order);
        if (!isInput && node.TryInput(2)?.Data is { } bias)
            operands[2] = new(Constant: Constants.Reorder(bias.Reshape([bias.Count]), 0, order));
        return new(node.Operator, [.. operands], [isInput ? rows : axes]);
    }
}
