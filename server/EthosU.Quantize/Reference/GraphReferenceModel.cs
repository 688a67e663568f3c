using EthosU.Graphs;

namespace EthosU.Quantize.Reference;

/// <summary>
/// A graph of real numbers in our own interpreter, for models that no other runtime can run. Its values go by the name of the source
/// model's value that they hold (<see cref="Tensor.Origin"/>), or by their own.
/// </summary>
/// <param name="graph">The graph.</param>
public sealed class GraphReferenceModel(Graph graph) : IReferenceModel
{
    /// <inheritdoc/>
    public IReferenceSession Open(IReadOnlyList<string> inputs, IEnumerable<string> values) =>
        new GraphReferenceSession(graph, inputs, values);
}
