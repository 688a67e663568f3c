using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Npu.Lowering;

/// <summary>Turns one node into NPU operations.</summary>
internal static class NodeLowering
{
    /// <summary>Lowers a node that the support rules allow.</summary>
    /// <exception cref="InvalidOperationException">The NPU has no operation for it: a support rule is missing.</exception>
    public static void Lower(LoweringContext context, Node node)
    {
        switch (node.Operator)
        {
            case Conv2D op:
                ConvolutionLowering.Lower(context, node, op);
                break;
            case DepthwiseConv2D op:
                ConvolutionLowering.LowerDepthwise(context, node, op);
                break;
            case TransposeConv op:
                TransposeConvLowering.Lower(context, node, op);
                break;
            case FullyConnected op:
                FullyConnectedLowering.Lower(context, node, op);
                break;
            case BatchMatMul op:
                MatrixProductLowering.Lower(context, node, op);
                break;
            case Pool2D op:
                PoolLowering.Lower(context, node, op);
                break;
            case Binary op:
                ElementwiseLowering.Lower(context, node, op);
                break;
            case Compare op:
                TruthLowering.LowerCompare(context, node, op.Kind);
                break;
            case Select or SelectV2:
                TruthLowering.LowerSelect(context, node);
                break;
            case Unary op:
                LowerUnary(context, node, op.Kind);
                break;
            case TableLookup op:
                ActivationLowering.LowerTable(context, node, op);
                break;
            case Gelu op:
                LowerReal(context, node, x => RealFunctions.Gelu(x, op.Approximate));
                break;
            case LeakyRelu op:
                ActivationLowering.LowerLeakyRelu(context, node, op);
                break;
            case PRelu:
                TwoSlopesLowering.LowerPRelu(context, node);
                break;
            case Softmax op:
                SoftmaxLowering.Lower(context, node, op);
                break;
            case Quantize:
                RescaleLowering.Lower(context, node);
                break;
            case Reduce { Kind: ReduceKind.Mean or ReduceKind.Sum } op:
                ReductionLowering.LowerSum(context, node, op.Kind == ReduceKind.Mean);
                break;
            case Reduce { Kind: ReduceKind.Max or ReduceKind.Min } op:
                ExtremeLowering.LowerReduction(context, node, op.Kind == ReduceKind.Min);
                break;
            case ArgReduce { Kind: ArgKind.Max }:
                ExtremeLowering.LowerArgMax(context, node);
                break;
            case Resize op:
                ResizeLowering.Lower(context, node, op);
                break;
            case Reshape or Squeeze or ExpandDims:
                MovementLowering.LowerReshape(context, node);
                break;
            case Concatenation or Pack:
                MovementLowering.LowerConcatenation(context, node);
                break;
            case Split or SplitV or Unpack or Slice or StridedSlice:
                MovementLowering.LowerSlices(context, node);
                break;
            case Transpose:
                MovementLowering.LowerTranspose(context, node);
                break;
            case ReverseV2:
                MovementLowering.LowerReverse(context, node);
                break;
            case DepthToSpace op:
                MovementLowering.LowerBlocks(context, node, op.BlockSize, toDepth: false);
                break;
            case SpaceToDepth op:
                MovementLowering.LowerBlocks(context, node, op.BlockSize, toDepth: true);
                break;
            case Gather or GatherNd:
                GatherLowering.Lower(context, node);
                break;
            case Tile or BroadcastTo:
                MovementLowering.LowerTile(context, node);
                break;
            case Pad:
                PadLowering.Lower(context, node, PadLowering.Value(node));
                break;
            case PadV2:
                PadLowering.Lower(context, node, node.Constant(2).ToInt64Array()[0]);
                break;
            case MirrorPad op:
                PadLowering.LowerMirror(context, node, op);
                break;
            case UnidirectionalSequenceLstm op:
                LstmLowering.Lower(context, node, op);
                break;
            default:
                throw Missing(node);
        }
    }

    private static void LowerUnary(LoweringContext context, Node node, UnaryKind kind)
    {
        Tensor input = node.Input(0), output = node.Output;
        bool wide = input.Type == ElementType.Int16;
        switch (kind)
        {
            case UnaryKind.Relu or UnaryKind.Relu6 or UnaryKind.ReluN1To1 or UnaryKind.Relu0To1:
                ActivationLowering.LowerRelu(context, node, kind);
                break;
            case UnaryKind.Abs:
                ActivationLowering.LowerAbs(context, node);
                break;
            case UnaryKind.Neg:
                ElementwiseLowering.LowerNegative(context, node);
                break;
            case UnaryKind.Logistic or UnaryKind.Tanh when wide:
                ActivationLowering.LowerHardware(context, node, kind == UnaryKind.Tanh);
                break;
            case UnaryKind.Logistic:
                ActivationLowering.LowerTable(context, node, Tables.Logistic(input, output));
                break;
            case UnaryKind.Tanh:
                ActivationLowering.LowerTable(context, node, Tables.Tanh(input, output));
                break;
            case UnaryKind.HardSwish when !wide:
                ActivationLowering.LowerTable(context, node, Tables.HardSwish(input, output));
                break;
            case UnaryKind.Rsqrt when !wide:
                ActivationLowering.LowerTable(context, node, Tables.Rsqrt(input, output));
                break;
            case UnaryKind.LogSoftmax:
                LogSoftmaxLowering.Lower(context, node);
                break;
            case UnaryKind.Exp:
                LowerReal(context, node, Elementary.Exp);
                break;
            case UnaryKind.Log:
                float lowest = output.Quantization!.Scale * (output.Type.IntegerRange().Min - output.Quantization.ZeroPoint);
                LowerReal(context, node, x => RealFunctions.LogOr(x, lowest));
                break;
            default:
                throw Missing(node);
        }
    }

    private static void LowerReal(LoweringContext context, Node node, Func<float, float> function) =>
        ActivationLowering.LowerTable(context, node, node.Input(0).Type == ElementType.Int16
            ? Tables.Of16(node.Input(0), node.Output, function)
            : Tables.OfReal(node.Input(0), node.Output, function));

    private static InvalidOperationException Missing(Node node) =>
        new($"{node.Operator.Name} '{node.Name}' was placed on the NPU, which has no operation for it");
}
