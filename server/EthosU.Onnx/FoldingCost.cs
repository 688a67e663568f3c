using EthosU.Graphs;

namespace EthosU.Onnx;

/// <summary>What it costs to compute a node whose operands are constant.</summary>
internal static class FoldingCost
{
    private const int MultiplicationsPerElement = 4;

    /// <summary>The elements made and read, or a quarter of the multiplications if that is more.</summary>
    public static long Of(Node node)
    {
        long moved = node.Inputs.Max(input => input?.Shape.ElementCount ?? 0);
        long made = node.Outputs.Sum(output => output.Shape.ElementCount);
        Shape output = node.Output.Shape;
        double products = (double)made * node.Operator switch
        {
            Conv2D or DepthwiseConv2D or FullyConnected => (double)node.Input(1).Shape.ElementCount / Math.Max(1, output[-1]),
            TransposeConv => node.Input(1).Shape.ElementCount,
            BatchMatMul => node.Input(0).Shape[-1],
            Pool2D pool => (double)pool.FilterHeight * pool.FilterWidth,
            LocalResponseNormalization lrn => (2.0 * lrn.Radius) + 1,
            _ => 0,
        };
        return (long)Math.Max(Math.Max(moved, made), products / MultiplicationsPerElement);
    }
}
