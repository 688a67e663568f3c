using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>What to say about operators of which the Ethos-U55 and U65 have no form (npu-operators, section 1.24).</summary>
internal static class UnsupportedOperators
{
    /// <summary>Rule of operators that no Ethos-U runs.</summary>
    public const string Unsupported = "npu-op-not-supported";

    /// <summary>Rule of operators that need an Ethos-U85.</summary>
    public const string NeedsU85 = "npu-op-u85-only";

    /// <summary>Rule of DEQUANTIZE and of QUANTIZE from floating point.</summary>
    public const string FloatBoundary = "npu-float-boundary";

    /// <summary>The finding on such a node.</summary>
    public static Finding Explain(Node node)
    {
        (string rule, string reason) = node.Operator switch
        {
            Dequantize => (FloatBoundary, "The NPU does not convert integers to floating point."),
            Quantize => (FloatBoundary, "The NPU does not convert floating point to integers."),
            _ when IsU85(node.Operator) => (NeedsU85, $"The Ethos-U55 and U65 have no {node.Operator.Name}; only the Ethos-U85 does."),
            _ => (Unsupported, $"The NPU has no {node.Operator.Name}."),
        };
        return new(rule, FindingSeverity.Warning, reason, Advice(node.Operator), node.Source)
        {
            Operator = node.Operator.Name,
            Tensor = node.Outputs.IsEmpty ? null : node.Output.Name,
        };
    }

    /// <summary>True for QUANTIZE from floating point, which the rules on integers do not describe.</summary>
    public static bool IsFloatQuantize(Node node) => node.Operator is Quantize && node.Input(0).Type.IsFloat();

    private static bool IsU85(Operator op) => op is Cast or Compare or Gather or ScatterNd or Select or SelectV2
        || op is Binary { Kind: BinaryKind.Div or BinaryKind.LogicalAnd or BinaryKind.LogicalOr } or Unary { Kind: UnaryKind.LogicalNot }
        || op is Reduce { Kind: ReduceKind.All or ReduceKind.Any };

    private static string Advice(Operator op) => op switch
    {
        Dequantize => "Return int8 outputs, and apply scale and zero point in the application.",
        Quantize => "Give the model int8 inputs, and quantize in the application.",
        Binary { Kind: BinaryKind.Div } => "Multiply by the reciprocal where the divisor is constant; BatchNorm instead of LayerNorm avoids divisions.",
        Binary { Kind: BinaryKind.Pow } => "Write x * x for a square.",
        Unary { Kind: UnaryKind.Elu or UnaryKind.Sqrt or UnaryKind.Sin or UnaryKind.Cos } => "Use an activation that the NPU has: ReLU, LeakyReLU, Hardswish, Sigmoid, Tanh or GELU.",
        Gather or GatherNd or EmbeddingLookup => "With constant indices use slices and torch.cat; an embedding is best looked up in the application.",
        Select or SelectV2 or Where or Compare or Binary { Kind: BinaryKind.LogicalAnd or BinaryKind.LogicalOr } or Unary { Kind: UnaryKind.LogicalNot } =>
            "Multiply by a constant mask of 0 and 1, or use clamp.",
        Cast => "Keep one type throughout; casts of masks can be constants.",
        DepthToSpace => "Use ConvTranspose2d with stride 2, or Upsample and Conv2d, instead of PixelShuffle.",
        SpaceToDepth => "Use a strided convolution instead of PixelUnshuffle.",
        TopK or Custom => "Cut the model before it and do this step in the application.",
        ReverseV2 => "Reverse outside the model.",
        SpaceToBatchNd or BatchToSpaceNd => "Use the convolution's own dilation.",
        L2Normalization or LocalResponseNormalization => "Normalise outside the model, or use BatchNorm.",
        BroadcastTo => "Leave broadcasting to the operation that uses the tensor.",
        ArgReduce => "Use argmax of the negated tensor for argmin, or leave it to the application.",
        _ => "Leave it to the CPU if it is at an end of the network; otherwise replace it, since data goes back and forth.",
    };
}
