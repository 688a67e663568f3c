using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>Element-wise operators: all operands transposed alike; broadcast constants get all axes first.</summary>
internal static class ElementwiseLayouts
{
    public static NodeLayout? Find(Node node, Tensor known, Arrangement axes)
    {
        int rank = node.Output.Shape.Rank;
        if (known.Shape.Rank != rank)
            return null;
        axes = axes.For(node.Output.Shape);
        var operands = ImmutableArray.CreateBuilder<OperandLayout>();
        foreach (Tensor? input in node.Inputs)
        {
            if (input is null || input.Shape.ElementCount == 1 && input.Shape.Rank < rank)
                operands.Add(default);
            else if (input.Data is { } data)
                operands.Add(new(Constant: data.Count == 1 ? data : Constants.Arrange(data.Reshape(Extend(input.Shape, rank)), axes),
                    Quantization: Constants.PerTensor(input)));
            else if (input.Shape.Rank == rank)
                operands.Add(new(axes.For(input.Shape)));
            else if (input.Shape.Count(size => size != 1) == 1 && !axes.HasOrders)
                operands.Add(new(Reshaped: axes.Apply(Extend(input.Shape, rank))));
            else
                return null;
        }
        return new(node.Operator, operands.ToImmutable(), [axes]);
    }

    private static Shape Extend(Shape shape, int rank) => new([.. Enumerable.Repeat(1, rank - shape.Rank), .. shape]);
}
