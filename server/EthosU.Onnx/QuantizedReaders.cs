using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>Which operators read integers as the reals that they stand for, and which only move them.</summary>
internal static class QuantizedReaders
{
    private static readonly HashSet<string> ReadsReals = new(StringComparer.Ordinal)
    {
        "DequantizeLinear", "QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "MatMulIntegerToFloat", "QGemm", "QLinearAdd",
            "QLinearMul",
        "QLinearGlobalAveragePool", "QLinearAveragePool", "QLinearSigmoid", "QLinearLeakyRelu", "QLinearConcat", "QLinearSoftmax",
            "QLinearReduceMean", "QLinearWhere",
    };

    private static readonly HashSet<string> OnlyMoves = new(StringComparer.Ordinal)
    {
        "Clip", "Relu", "Identity", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "MaxPool", "NhwcMaxPool", "Slice", "Concat",
            "Split", "Gather",
        "DepthToSpace", "SpaceToDepth", "Pad", "Tile", "Expand", "Dropout",
    };

    /// <summary>True if the node takes its quantized operands for reals.</summary>
    public static bool Reads(NodeProto node) => ReadsReals.Contains(node.OpType);

    /// <summary>True if the integers of the node's results are integers of its operands, or bounds.</summary>
    public static bool Moves(NodeProto node) => OnlyMoves.Contains(node.OpType)
        || (node.OpType is "Resize" or "Upsample"
        && node.Attribute.All(attribute => attribute.Name != "mode" || attribute.S.ToStringUtf8() == "nearest"));
}
