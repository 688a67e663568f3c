using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>
/// Models of which nothing is quantized that the NPU could compute with: one finding says so, in place of one for each operator.
/// </summary>
internal static class ModelKind
{
    public const string Rule = "npu-float-model";

    private const string Cure =
        "Quantize the whole model to int8 with representative data: ethosu convert MODEL.onnx --calibration DATA "
        + "for a PyTorch export, or in TensorFlow's converter "
        + "representative_dataset with inference_input_type and inference_output_type int8.";

    /// <summary>The finding on a model whose activations are real numbers; null for any other.</summary>
    public static Finding? Explain(Graph graph)
    {
        bool real = false;
        foreach (Tensor tensor in graph.Tensors)
        {
            if (tensor.IsConstant)
                continue;
            if (tensor.Quantization is not null && tensor.Type.IsQuantizable())
                return null;
            real |= tensor.Type is ElementType.Float32 or ElementType.Float16;
        }
        if (!real)
            return null;
        bool halves = graph.Tensors.Any(tensor => tensor is { IsConstant: true, Type: ElementType.Float16 });
        bool bytes = graph.Tensors.Any(tensor => tensor is { IsConstant: true, Quantization: not null } && tensor.Type.IsQuantizable());
        string kind = bytes
            ? "Only the weights of this model are quantized; it computes in float32 (\"dynamic range\" or weight-only quantization)"
            : halves ? "This is a float16 model: its weights are stored in 16 bits, and it computes in float32"
            : "This is a float32 model";
        return new(Rule, FindingSeverity.Warning, $"{kind}. The NPU computes with integers, so that all of it runs on the CPU.", Cure,
            Source.None);
    }
}
