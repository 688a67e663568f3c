using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>
/// Element types that operators cannot compute with. In source models integers of 8 bits are plain numbers unless a quantizer made them;
/// TensorFlow Lite and the NPU would take them for quantized values without a scale.
/// </summary>
/// <param name="advice">What to do about them.</param>
internal sealed class OperandTypes(string advice)
{
    /// <summary>Refuses a node whose operands have types that its operator cannot compute with, or that do not go together.</summary>
    /// <exception cref="UnsupportedOperatorException">It has.</exception>
    public void Require(Node node)
    {
        switch (node.Operator)
        {
            case Conv2D or DepthwiseConv2D or FullyConnected:
                Real(node, 0, 1, 2);
                break;
            case TransposeConv:
                Real(node, 1, 2, 3);
                break;
            case Pool2D or Softmax or LeakyRelu or Gelu or L2Normalization or LocalResponseNormalization
                or Resize { Kind: ResizeKind.Bilinear }:
                Real(node, 0);
                break;
            case BatchMatMul or PRelu:
                Real(node, 0, 1);
                break;
            case UnidirectionalSequenceLstm:
                Real(node, 0);
                break;
            case Unary { Kind: UnaryKind.LogicalNot }:
                Logic(node, 0);
                break;
            case Unary { Kind: UnaryKind.Abs or UnaryKind.Neg or UnaryKind.Sign or UnaryKind.Relu or UnaryKind.Square
                or UnaryKind.ZerosLike }:
                Numbers(node, 0);
                break;
            case Unary:
                Real(node, 0);
                break;
            case Binary { Kind: BinaryKind.LogicalAnd or BinaryKind.LogicalOr }:
                Logic(node, 0, 1);
                break;
            case Binary { Kind: BinaryKind.BitwiseXor or BinaryKind.RightShift }:
                Alike(node, 0, 1);
                break;
            case Binary:
                Numbers(node, 0, 1);
                Alike(node, 0, 1);
                break;
            case Reduce { Kind: ReduceKind.Any or ReduceKind.All }:
                Logic(node, 0);
                break;
            case Reduce or CumSum:
                Numbers(node, 0);
                break;
            case Compare:
                Alike(node, 0, 1);
                break;
            case Select or SelectV2:
                Logic(node, 0);
                Alike(node, 1, 2);
                break;
            case Concatenation or Pack or AddN:
                Alike(node, [.. Enumerable.Range(0, node.Inputs.Length)]);
                break;
            case PadV2:
                Alike(node, 0, 2);
                break;
            case OneHot:
                Alike(node, 2, 3);
                break;
        }
    }

    private void Real(Node node, params ReadOnlySpan<int> operands) =>
        Each(node, static type => type == ElementType.Float32, "computes with real numbers", operands);

    private void Numbers(Node node, params ReadOnlySpan<int> operands) =>
        Each(node, static type => type is ElementType.Float32 or ElementType.Int32 or ElementType.Int64, "computes with numbers of 32 bits",
        operands);

    private void Logic(Node node, params ReadOnlySpan<int> operands) =>
        Each(node, static type => type == ElementType.Bool, "takes true and false", operands);

    private void Each(Node node, Func<ElementType, bool> suits, string what, ReadOnlySpan<int> operands)
    {
        foreach (int index in operands)
            if (node.TryInput(index) is { } operand && !suits(operand.Type))
                throw new UnsupportedOperatorException(
                    $"{node.Operator.Name} {what}; here operand {index} is {operand.Type.DisplayName()}.", advice);
    }

    private static void Alike(Node node, params ReadOnlySpan<int> operands)
    {
        ElementType? first = null;
        foreach (int index in operands)
        {
            if (node.TryInput(index) is not { } operand)
                continue;
            if (first is { } type && operand.Type != type)
                throw new UnsupportedOperatorException(
                    $"Operands of {type.DisplayName()} and {operand.Type.DisplayName()} do not go together.",
                    "Check the exported model; a Cast is missing.");
            first = operand.Type;
        }
    }
}
