using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>
/// What may be spent on computing constants of one model, in bytes and in operations, from its import to its quantization: a few bytes of a
/// file can ask for gigabytes and hours. What exceeds it stays in the network.
/// </summary>
public sealed class FoldingBudget
{
    private const int OperationsPerElement = 4, PerByte = 16;
    private long bytes = 1L << 26, operations = 1L << 26;

    /// <summary>Lets more be spent, for a model of so many bytes.</summary>
    public void Allow(long modelSize)
    {
        bytes += PerByte * modelSize;
        operations += PerByte * modelSize;
    }

    /// <summary>Takes what a node costs out of the budget; false, and nothing taken, if it is not there.</summary>
    /// <param name="node">A node whose operands are constant.</param>
    public bool TryTake(Node node)
    {
        double made = 0;
        foreach (Tensor output in node.Outputs)
        {
            if (!output.Type.HasFixedSize())
                return false;
            made += (double)output.Shape.ElementCount * output.Type.ByteSize();
        }
        double work = OperationsOf(node);
        if (made > bytes || work > operations)
            return false;
        bytes -= (long)made;
        operations -= (long)work;
        return true;
    }

    /// <summary>The elements made and read, or a quarter of the multiplications if that is more.</summary>
    private static double OperationsOf(Node node)
    {
        double read = 0, made = 0;
        foreach (Tensor? input in node.Inputs)
            read = Math.Max(read, input?.Shape.ElementCount ?? 0);
        foreach (Tensor output in node.Outputs)
            made += output.Shape.ElementCount;
        Shape result = node.Outputs.IsEmpty ? Shape.Scalar : node.Output.Shape;
        double products = made * node.Operator switch
        {
            Conv2D or DepthwiseConv2D or FullyConnected =>
                (double)node.Input(1).Shape.ElementCount / Math.Max(1, result.Rank > 0 ? result[-1] : 1),
            TransposeConv => node.Input(1).Shape.ElementCount,
            BatchMatMul => node.Input(0).Shape[-1],
            Pool2D pool => (double)pool.FilterHeight * pool.FilterWidth,
            LocalResponseNormalization lrn => (2.0 * lrn.Radius) + 1,
            Binary { Kind: BinaryKind.Pow } => 32,
            _ => 0,
        };
        return Math.Max(Math.Max(read, made), products / OperationsPerElement);
    }
}
