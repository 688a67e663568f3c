using EthosU.Graphs;

namespace EthosU.LanguageServer.Analysis;

/// <summary>Tensors in words.</summary>
internal static class TensorText
{
    /// <summary>Type, shape and quantization.</summary>
    public static string TypeOf(Tensor tensor) =>
        $"{tensor.Type.DisplayName()}{tensor.Shape}{(tensor.Quantization is { } quantization ? $" {{{quantization}}}" : "")}";

    /// <summary>Type and shape.</summary>
    public static string Short(Tensor tensor) => $"{tensor.Type.DisplayName()}{tensor.Shape}";
}
