using EthosU.Graphs;

namespace EthosU.Pipeline;

/// <summary>Shows what is in a model.</summary>
public static class InspectJob
{
    /// <summary>Describes a model, ONNX or TensorFlow Lite; also a TensorFlow Lite file that can be read but not run, with a finding that says why. An ONNX model is described as it is imported: in TensorFlow Lite's operators, not yet optimized.</summary>
    /// <exception cref="ModelFormatException">It is damaged or no model.</exception>
    /// <exception cref="UnsupportedModelException">It holds nodes that cannot be expressed; all are named.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelDescription Run(string modelPath, CancellationToken cancellation = default) =>
        ModelDescription.Of(ModelFile.Read(modelPath, verify: false, cancellation));
}
