using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>Models of unsigned bytes, the quantization of TensorFlow Lite before 2020.</summary>
internal static class UnsignedModel
{
    /// <summary>The finding on a model whose layers compute in uint8; null for other models.</summary>
    public static Finding? Explain(Graph graph) =>
        graph.Nodes.Any(node => node.Operator is Conv2D or DepthwiseConv2D or FullyConnected or TransposeConv or Pool2D or Binary or Softmax
            or BatchMatMul or Unary or Reduce && node.TryInput(0) is { Type: ElementType.UInt8, Quantization: not null })
        ? new("interpreter-uint8", FindingSeverity.Error,
            "This is a uint8 model, as TensorFlow made them before 2020. TensorFlow Lite Micro has dropped its kernels of uint8, so that "
                + "there is no reference to equal.",
            "Quantize the network to int8 anew (ethosu convert for an ONNX export; TensorFlow's converter with inference_input_type int8). "
                + "The NPU itself computes with uint8: ethosu compile takes this model.",
            Source.None)
        : null;
}
