using EthosU.Graphs;

namespace EthosU.Quantize.Reference.OnnxRuntime;

/// <summary>An ONNX model in ONNX Runtime.</summary>
/// <param name="path">The file.</param>
public sealed class OnnxReferenceModel(string path) : IReferenceModel
{
    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">ONNX Runtime refuses the model.</exception>
    public IReferenceSession Open(IReadOnlyList<string> inputs, IEnumerable<string> values) =>
        new OnnxReferenceSession(path, inputs, values);
}
