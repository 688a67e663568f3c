using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>Reductions and scans: their axes are remapped; axes that disappear leave a smaller transposition.</summary>
internal static class ReductionLayouts
{
    public static NodeLayout? Find(Node node, Tensor known, Arrangement axes)
    {
        Shape shape = node.Input(0).Shape;
        if (node.TryInput(1)?.Data is not { } data)
            return null;
        int[] reduced = [.. data.ToInt32Array().Select(shape.NormalizeAxis)];
        bool disappear = node.Operator is ArgReduce or Reduce { KeepDims: false };
        HashSet<int> gone = disappear ? [.. reduced] : [];
        Arrangement before = known == node.Input(0) || !disappear ? axes : axes.With(gone);
        if (node.Operator is not Reduce && reduced.Any(axis => before.OrderOf(axis) is not null))
            return null;
        int[] mapped = [.. reduced.Select(before.PositionOf)];
        return new(node.Operator, [new(before), new(Constant: TensorData.From<int>(data.Shape, mapped))],
            [before.Without(gone).For(node.Output.Shape)]);
    }
}
