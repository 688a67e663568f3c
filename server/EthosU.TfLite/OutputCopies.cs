using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.TfLite;

/// <summary>
/// Runtimes want every output computed by an operator (tflite-format 9): one that is an input or a constant is copied
/// by a RESHAPE to its own shape.
/// </summary>
public static class OutputCopies
{
    /// <summary>The graph with such copies. What plans its memory must see them, so this comes before.</summary>
    public static Graph Insert(Graph graph)
    {
        if (graph.Outputs.All(output => graph.Producer(output) is not null))
            return graph;
        UniqueNames names = new(graph.Tensors.Select(tensor => tensor.Name));
        Dictionary<Tensor, Tensor> copies = [];
        var nodes = graph.Nodes.ToBuilder();
        ImmutableArray<Tensor> outputs = [.. graph.Outputs.Select(output =>
        {
            if (graph.Producer(output) is not null)
                return output;
            if (copies.TryGetValue(output, out Tensor? copy))
                return copy;
            copies[output] = copy = new Tensor(names.Make($"{output.Name}_output"), output.Type, output.Shape, output.Quantization);
            Tensor shape = new(names.Make($"{output.Name}_output/shape"), TensorData.Vector<int>([.. output.Shape]));
            nodes.Add(new Node(new Reshape(), [output, shape], [copy]));
            return copy;
        })];
        return new Graph(graph.Name, nodes.ToImmutable(), graph.Inputs, outputs)
        {
            Description = graph.Description,
            Metadata = graph.Metadata,
            Signatures = graph.Signatures.IsEmpty ? [Signature.Default(graph)] : graph.Signatures,
        };
    }
}
