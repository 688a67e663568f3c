using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>What to say about operators of which the Ethos-U55 and U65 have no form (npu-operators 1.24).</summary>
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
            Custom { CustomCode: var code } when code.StartsWith("Signal", StringComparison.Ordinal) =>
                (Unsupported, $"{code} belongs to the signal library of TensorFlow Lite Micro, the audio front end; the NPU has nothing "
                    + $"like it."),
            Custom { CustomCode: var code } =>
                (Unsupported, $"{code} is a custom operator, which only the program that runs the model knows; it is left as it is."),
            _ when IsU85(node.Operator) => (NeedsU85, $"The Ethos-U55 and U65 have no {node.Operator.Name}; only the Ethos-U85 does."),
            _ => (Unsupported, $"The NPU has no {node.Operator.Name}."),
        };
        return new(rule, FindingSeverity.Warning, reason, OperatorAdvice.For(node.Operator), node.Source)
        {
            Operator = node.Operator.Name,
            Tensor = node.Outputs.IsEmpty ? null : node.Output.Name,
        };
    }

    /// <summary>True for QUANTIZE from floating point, which the rules on integers do not describe.</summary>
    public static bool IsFloatQuantize(Node node) => node.Operator is Quantize && node.Input(0).Type.IsFloat();

    /// <summary>True for comparisons and choices of truth values as they stand in models; only masks run on the NPU.</summary>
    public static bool IsTruth(Node node) => node.Operator is Compare or Select or SelectV2
        && !(node.Outputs is [{ Type: ElementType.Int8 }] && node.Inputs.All(static input => input?.Type == ElementType.Int8));

    private static bool IsU85(Operator op) => op is Cast or Compare or ScatterNd or Select or SelectV2
        || op is Binary { Kind: BinaryKind.Div or BinaryKind.LogicalAnd or BinaryKind.LogicalOr } or Unary { Kind: UnaryKind.LogicalNot }
        || op is Reduce { Kind: ReduceKind.All or ReduceKind.Any };
}
