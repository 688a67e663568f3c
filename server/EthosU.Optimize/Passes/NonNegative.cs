using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>Tells values that cannot be negative.</summary>
internal static class NonNegative
{
    private const int Depth = 16;

    /// <summary>True if no element of the tensor can be below 0.</summary>
    public static bool IsCertain(Graph graph, Tensor tensor, int depth = Depth)
    {
        if (depth == 0 || graph.Producer(tensor) is not { } node)
            return false;
        if (node.Operator.Activation is FusedActivation.Relu or FusedActivation.Relu6)
            return true;
        return node.Operator switch
        {
            Unary { Kind: UnaryKind.Relu or UnaryKind.Relu6 or UnaryKind.Relu0To1 or UnaryKind.Logistic or UnaryKind.Abs or UnaryKind.Square
                or UnaryKind.Exp or UnaryKind.Sqrt } => true,
            Softmax => true,
            Pool2D or Reshape or Squeeze or ExpandDims or Transpose or Slice or StridedSlice or Pad
                or Resize { Kind: ResizeKind.Nearest } => IsCertain(graph, node.Input(0), depth - 1),
            Concatenation => node.Inputs.All(input => input is not null && IsCertain(graph, input, depth - 1)),
            _ => false,
        };
    }
}
