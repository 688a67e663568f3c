using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Which of a node's tensors hold data, and what shapes of four axes they have.</summary>
internal static class Operands
{
    /// <summary>The inputs whose elements are computed with; weights, biases, shapes and indices are left out.</summary>
    public static IEnumerable<Tensor> Data(Node node)
    {
        int count = node.Operator switch
        {
            Concatenation or Pack or AddN => node.Inputs.Length,
            Binary or Compare or BatchMatMul or PRelu => 2,
            Select or SelectV2 => 3,
            TransposeConv => -1,
            Split => -2,
            _ => 1,
        };
        IEnumerable<Tensor?> chosen = count switch
        {
            -1 => [node.TryInput(2)],
            -2 => [node.TryInput(1)],
            _ => node.Inputs.Take(count),
        };
        return chosen.OfType<Tensor>();
    }

    /// <summary>The inputs of <see cref="Data"/> and the outputs.</summary>
    public static IEnumerable<Tensor> All(Node node) => Data(node).Concat(node.Outputs);

    /// <summary>The tensors of <see cref="All"/> and the weights.</summary>
    public static IEnumerable<Tensor> Quantized(Node node) => Weights(node) is { } weights ? All(node).Append(weights) : All(node);

    /// <summary>The main input.</summary>
    public static Tensor Ifm(Node node) => Data(node).First();

    /// <summary>The weights of an operator that has them; null for all others.</summary>
    public static Tensor? Weights(Node node) =>
        node.Operator is Conv2D or DepthwiseConv2D or TransposeConv or FullyConnected ? node.TryInput(1) : null;

    /// <summary>The bias of an operator that has one; null if there is none.</summary>
    public static Tensor? Bias(Node node) => node.Operator switch
    {
        Conv2D or DepthwiseConv2D or FullyConnected => node.TryInput(2),
        TransposeConv => node.TryInput(3),
        _ => null,
    };

    /// <summary>Batch, height, width and channels: missing leading axes are 1; null for more than four axes.</summary>
    public static (int N, int H, int W, int C)? Nhwc(Shape shape) => shape.Rank <= 4
        ? (At(shape, 4), At(shape, 3), At(shape, 2), At(shape, 1))
        : null;

    private static int At(Shape shape, int fromEnd) => shape.Rank >= fromEnd ? shape[shape.Rank - fromEnd] : 1;
}
