using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>What a PyTorch user can write instead of an operator that the NPU does not run (npu-operators 1.24).</summary>
internal static class OperatorAdvice
{
    /// <summary>Advice where the accelerator has no form of the operator at all.</summary>
    public static string For(Operator op) => op switch
    {
        Dequantize => "Return int8 outputs, and apply scale and zero point in the application.",
        Quantize => "Give the model int8 inputs, and quantize in the application.",
        Binary binary => ForBinary(binary.Kind),
        Unary unary => ForUnary(unary.Kind),
        Reduce { Kind: ReduceKind.Product } =>
            "Write a product of few factors as x[..., 0] * x[..., 1]; otherwise leave it to the application.",
        Reduce { Kind: ReduceKind.All or ReduceKind.Any } =>
            "Compute masks outside the model, or take amin or amax of a tensor of 0 and 1.",
        ArgReduce => "Use argmax of the negated tensor for argmin, or leave it to the application.",
        Pool2D => "Use average pooling of x * x, and leave the root to the application.",
        ScatterNd => "With constant indices use slices and torch.cat; otherwise do it in the application.",
        EmbeddingLookup => "Look the embedding up in the application, and give its rows to the model.",
        Select or SelectV2 or Where or Compare => "Multiply by a constant mask of 0 and 1, or use clamp.",
        Cast => "Keep one type throughout; casts of masks can be constants.",
        TopK => "Cut the model before it, and choose the best in the application.",
        Custom => "Cut the model before it and do this step in the application.",
        CumSum => "Multiply by a constant triangular matrix instead, x @ torch.triu(torch.ones(n, n)), or leave the running sum to the "
            + "application.",
        ReverseSequence =>
            "Reverse outside the model; in front of a linear layer or a convolution reverse its weights instead.",
        SpaceToBatchNd or BatchToSpaceNd => "Use the convolution's own dilation.",
        L2Normalization => "Leave F.normalize to the application, or use BatchNorm.",
        LocalResponseNormalization => "Use BatchNorm instead of LocalResponseNorm.",
        BroadcastArgs => "Leave broadcasting to the operation that uses the tensor: expand is not needed before + or *.",
        AddN => "Add two tensors at a time.",
        OneHot => "Make the one-hot vectors in the application, or a constant table of them.",
        NumberRange or Fill or ShapeOf or Rank =>
            "Use numbers instead of sizes read from tensors (x.view(1, 64, -1), not x.shape): with fixed sizes this becomes a constant.",
        FakeQuant => "Export a model that is quantized, or one without fake quantization.",
        Svdf => "Use convolutions over time instead.",
        DynamicUpdateSlice => "Keep the state outside the model, and give it to the model as an input.",
        If or While or CallOnce =>
            "Export without control flow: a loop of fixed length can be unrolled, and a branch be decided before the export.",
        VarHandle or ReadVariable or AssignVariable => "Pass the state in as an input and out as an output.",
        _ => "Leave it to the CPU if it is at an end of the network; otherwise replace it, since data goes back and forth.",
    };

    /// <summary>Advice where an operator that the accelerator could run is left in floating point.</summary>
    public static string InFloat(Operator op) => op switch
    {
        Binary { Kind: BinaryKind.Maximum or BinaryKind.Minimum } =>
            "An operator beside it has no integer form, so that this one stays in floating point, too: replace that one. A bound on a "
                + "quantized tensor (clamp, relu) runs on the NPU.",
        Reshape or Squeeze or ExpandDims or Transpose or Concatenation or Pack or Split or SplitV or Unpack or Slice or StridedSlice or Pad
            or PadV2 or MirrorPad or Tile =>
            "It moves what an operator without an integer form makes or needs: replace that one, or move this one to its other side.",
        _ => "Quantize the whole model. In a quantized one an operator beside it has no integer form, so that this one stays in floating "
            + "point, too: replace that one.",
    };

    private static string ForBinary(BinaryKind kind) => kind switch
    {
        BinaryKind.Div => "Multiply by the reciprocal where the divisor is constant; BatchNorm instead of LayerNorm avoids divisions.",
        BinaryKind.Pow => "Write x * x for a square, x * x * x for a cube, and x * torch.rsqrt(x) for a root.",
        BinaryKind.LogicalAnd => "Multiply masks of 0 and 1, or make them constant.",
        BinaryKind.LogicalOr => "Take torch.maximum of masks of 0 and 1, or make them constant.",
        BinaryKind.FloorDiv or BinaryKind.FloorMod or BinaryKind.BitwiseXor or BinaryKind.RightShift =>
            "This is arithmetic of whole numbers, mostly of indices: compute it outside the model, or make it constant.",
        BinaryKind.Atan2 => "Return both operands, and take the angle in the application.",
        _ => "Write it with +, -, *, torch.maximum and torch.minimum.",
    };

    private static string ForUnary(UnaryKind kind) => kind switch
    {
        UnaryKind.Elu => "Use an activation that the NPU has: ReLU, LeakyReLU, Hardswish, Sigmoid, Tanh or GELU.",
        UnaryKind.Sqrt => "Write x * torch.rsqrt(x), which the NPU has in int8; where norms are only compared, compare the squares.",
        UnaryKind.Square => "Write x * x.",
        UnaryKind.Sin or UnaryKind.Cos => "Of positions it is a constant: store it in a buffer. Of data leave it to the application.",
        UnaryKind.Floor or UnaryKind.Ceil or UnaryKind.Round =>
            "Leave rounding to the application: values inside a quantized network are rounded to its scale in any case.",
        UnaryKind.Sign => "Use torch.clamp(x * 128, -1, 1), or leave it to the application.",
        UnaryKind.LogicalNot => "Write 1 - mask with a mask of 0 and 1, or make it constant.",
        UnaryKind.ZerosLike => "Use a constant of zeros.",
        _ => "Write it with activations that the NPU has: ReLU, LeakyReLU, Hardswish, Sigmoid, Tanh, GELU, exp, log and rsqrt.",
    };
}
