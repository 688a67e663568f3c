using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>Which operators can run on transposed operands, and how (tflite-kernels 5.1).</summary>
internal static class LayoutRules
{
    /// <summary>How the node runs if one of its tensors is transposed.</summary>
    /// <param name="node">The node.</param>
    /// <param name="known">An operand or result, not constant.</param>
    /// <param name="axes">How it is transposed.</param>
    /// <returns>Null if the node cannot run so.</returns>
    public static NodeLayout? Find(Node node, Tensor known, Arrangement axes)
    {
        if (axes.Rank != known.Shape.Rank)
            return null;
        return node.Operator switch
        {
            Binary or Compare or Select or SelectV2 or PRelu or AddN or LeakyRelu or Gelu or FakeQuant or Cast or Quantize or Dequantize
                or Unary { Kind: not UnaryKind.LogSoftmax } => ElementwiseLayouts.Find(node, known, axes),
            Softmax or L2Normalization or Unary => LastAxisKept(node, axes),
            Conv2D or DepthwiseConv2D or TransposeConv or Pool2D or Resize => WindowLayouts.Find(node, known, axes),
            FullyConnected => MatrixLayouts.Find(node, known, axes),
            Reshape => ReshapeLayouts.Find(node, known, axes),
            Reduce or ArgReduce or CumSum => ReductionLayouts.Find(node, known, axes),
            Concatenation or Split or SplitV or Slice or StridedSlice or Pad or PadV2 or MirrorPad or Tile or BroadcastTo or ReverseV2
                or Gather =>
                MovementLayouts.Find(node, known, axes),
            _ => null,
        };
    }

    /// <summary>All tensors transposed alike, the second operand onwards left as it is.</summary>
    private static NodeLayout? LastAxisKept(Node node, Arrangement axes) =>
        axes.Rank > 0 && axes[axes.Rank - 1] == axes.Rank - 1
            ? new(node.Operator, [new(axes), .. node.Inputs.Skip(1).Select(_ => default(OperandLayout))], [axes])
            : null;
}
