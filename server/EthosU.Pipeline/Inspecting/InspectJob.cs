using EthosU.Graphs;
using EthosU.Pipeline.Formats;

namespace EthosU.Pipeline.Inspecting;

/// <summary>Shows what is in a model.</summary>
public static class InspectJob
{
    /// <summary>
    /// Describes a model of any kind; also a TensorFlow Lite file that can be read but not run, with a finding that says why.
    /// Other models are described as it is imported: in TensorFlow Lite's operators, not yet optimized.
    /// </summary>
    /// <param name="modelPath">The file.</param>
    /// <param name="options">What symbolic sizes become.</param>
    /// <param name="cancellation">Stops the import.</param>
    /// <exception cref="ModelFormatException">It is damaged or no model.</exception>
    /// <exception cref="UnsupportedModelException">It holds nodes that cannot be expressed; all are named.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelDescription Run(string modelPath, ReadOptions? options = null, CancellationToken cancellation = default) =>
        ModelDescription.Of(ModelFile.Read(modelPath, (options ?? new()) with { Verify = false }, cancellation));
}
