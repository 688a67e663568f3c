using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Remarks on operators that the accelerator runs, but at a cost that the model's author can avoid.</summary>
internal static class CostRules
{
    /// <summary>All remarks.</summary>
    public static ImmutableArray<SupportRule> All { get; } =
    [
        Cost("npu-cost-transpose",
            n => n.Operator is Transpose && Moves(n) ? $"The transpose of {n.Input(0).Shape} is a copy element by element." : null,
            "Keep one layout through the network; permute where the tensor is small."),
        Cost("npu-cost-groups", n => n.Operator is Conv2D && n.Input(1).Shape[3] is > 0 and var depth && depth < n.Input(0).Shape[3]
                ? $"The convolution of {n.Input(0).Shape[3] / depth} groups runs as as many convolutions." : null,
            "Use groups=1, or a depthwise convolution followed by a 1x1 convolution."),
        Cost("npu-cost-stride", LargeStride, "Use a stride of at most 3."),
        Cost("npu-cost-rescale",
            n => n.Operator is Quantize && n.Input(0).Type == n.Output.Type ? "The tensor is copied only to change its scale." : null,
            "Share one observer between the tensors on both sides."),
        Cost("npu-cost-concat",
            n => n.Operator is Concatenation or Pack && n.Inputs.Any(t => !Equals(t!.Quantization, n.Output.Quantization))
                ? "Inputs of the concatenation have other scales than its output. TensorFlow Lite copies the stored numbers as they are, "
                    + "so that they stand for other values in the output." : null,
            "Share one observer between all inputs and the output of torch.cat, or convert the model with a QUANTIZE in front of these "
                + "inputs.") with { Severity = FindingSeverity.Warning },
        Cost("npu-cost-softmax", n => n.Operator is Softmax ? "A softmax takes about 30 operations, mostly in 32 bits." : null,
            "Leave it out where only the largest class counts, or keep the number of rows small."),
        Cost("npu-cost-log-softmax",
            n => n.Operator is Unary { Kind: UnaryKind.LogSoftmax }
                ? "LOG_SOFTMAX takes 59 operations of the NPU, nearly all of them for the logarithm of each row's sum." : null,
            "Drop it where only the largest class counts: the largest logit is the same class.")
                with { Severity = FindingSeverity.Warning },
        Cost("npu-cost-lstm",
            n => n.Operator is UnidirectionalSequenceLstm
                ? "The LSTM is unrolled: each time step is a sequence of operations with weights of its own." : null,
            "Keep sequences short; a convolution over time is much cheaper."),
        Cost("npu-cost-int16-activation",
            n => n.Operator is PRelu or LeakyRelu && Operands.Ifm(n).Type == ElementType.Int16
                ? $"{n.Operator.Name} in 16 bits takes several operations." : null,
            "Use ReLU, or int8 activations."),
    ];

    private static SupportRule Cost(string id, Func<Node, string?> check, string advice) =>
        new(id, check, advice) { Severity = FindingSeverity.Info };

    private static bool Moves(Node node)
    {
        if (node.Input(1).Data is not { } data)
            return false;
        Shape shape = node.Input(0).Shape;
        // Axes of size 1 change places for free.
        int[] moved = [.. data.ToInt32Array().Where(axis => shape[axis] > 1)];
        return !moved.SequenceEqual(moved.Order());
    }

    private static string? LargeStride(Node node)
    {
        (int y, int x) = node.Operator switch
        {
            Conv2D c => (c.StrideHeight, c.StrideWidth),
            Pool2D p => (p.StrideHeight, p.StrideWidth),
            _ => (1, 1),
        };
        if (Math.Max(y, x) <= 3)
            return null;
        Shape ofm = node.Output.Shape;
        return ofm[1] == 1 && ofm[2] == 1 ? null : $"The stride of {y} x {x} is beyond the NPU's 3; the operation runs in pieces.";
    }
}
