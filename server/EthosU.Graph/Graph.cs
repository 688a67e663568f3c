using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>
/// A network: nodes in an order in which they can run, with inputs and outputs. Immutable; changed by <see cref="GraphPatch"/>.
/// </summary>
public sealed class Graph
{
    private readonly Lazy<Links> links;

    /// <summary>A graph of nodes that stand in an order in which they can run.</summary>
    public Graph(string name, ImmutableArray<Node> nodes, ImmutableArray<Tensor> inputs, ImmutableArray<Tensor> outputs)
    {
        Name = name;
        Nodes = nodes;
        Inputs = inputs;
        Outputs = outputs;
        links = new(() => new Links(this));
    }

    /// <summary>The model's name, empty if it has none.</summary>
    public string Name { get; }

    /// <summary>Nodes, producers before consumers.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>Tensors that the caller provides.</summary>
    public ImmutableArray<Tensor> Inputs { get; }

    /// <summary>Tensors that the caller gets; one may be listed twice or be an input or a constant.</summary>
    public ImmutableArray<Tensor> Outputs { get; }

    /// <summary>A sentence about the model, as in the file; null if there is none.</summary>
    public string? Description { get; init; }

    /// <summary>Named blocks of bytes carried along with the model (TensorFlow Lite's <c>metadata</c>).</summary>
    public ImmutableArray<(string Name, ReadOnlyMemory<byte> Data)> Metadata { get; init; } = [];

    /// <summary>
    /// Order of the inputs' axes where this graph was made of another one that had them in another order: axis i of an input is axis [i]
    /// of that graph's input; for most images 0, 2, 3, 1. Empty if the order is that of the source.
    /// </summary>
    public ImmutableArray<ImmutableArray<int>> InputAxes { get; init; } = [];

    /// <summary>The same for the outputs.</summary>
    public ImmutableArray<ImmutableArray<int>> OutputAxes { get; init; } = [];

    /// <summary>Signatures: names under which callers know inputs and outputs.</summary>
    public ImmutableArray<Signature> Signatures { get; init; } = [];

    /// <summary>
    /// The tensors in the order of the file that this graph was read from, also those that nothing uses; empty for every other graph,
    /// changed copies included. Writing keeps it, since metadata such as an offline memory plan refers to tensors by number.
    /// </summary>
    public ImmutableArray<Tensor> TensorOrder { get; init; } = [];

    /// <summary>Every tensor, each once: inputs, then operands and results in the nodes' order, then outputs.</summary>
    public IEnumerable<Tensor> Tensors => links.Value.Tensors;

    /// <summary>True if the file leaves sizes of an input open beside the batch: what the shapes say then are placeholders.</summary>
    public bool HasOpenSizes => Inputs.Any(input => input.OpenAxes.Any(axis => axis != 0));

    /// <summary>The node that computes a tensor; null for inputs, constants and variables.</summary>
    public Node? Producer(Tensor tensor) => links.Value.Producers.GetValueOrDefault(tensor);

    /// <summary>The nodes that read a tensor, in order, each once.</summary>
    public ImmutableArray<Node> Consumers(Tensor tensor) =>
        links.Value.Consumers.TryGetValue(tensor, out var nodes) ? nodes : [];

    /// <summary>True for an output of the graph.</summary>
    public bool IsOutput(Tensor tensor) => links.Value.Outputs.Contains(tensor);

    /// <summary>True if the tensor is read by exactly one node, once, and is no output of the graph.</summary>
    public bool HasSingleUse(Tensor tensor) =>
        links.Value.Consumers.TryGetValue(tensor, out var nodes) && nodes.Length == 1
        && nodes[0].Inputs.Count(input => input == tensor) == 1 && !links.Value.Outputs.Contains(tensor);

    /// <summary>A copy with the nodes, inputs and outputs given, everything else kept.</summary>
    public Graph With(ImmutableArray<Node>? nodes = null, ImmutableArray<Tensor>? inputs = null, ImmutableArray<Tensor>? outputs = null) =>
        new(Name, nodes ?? Nodes, inputs ?? Inputs, outputs ?? Outputs)
        {
            Description = Description,
            Metadata = Metadata,
            InputAxes = InputAxes,
            OutputAxes = OutputAxes,
            Signatures = Signatures,
        };

    /// <summary>The listing of <see cref="GraphListing"/>.</summary>
    public override string ToString() => GraphListing.Write(this);

    private sealed class Links
    {
        public Links(Graph graph)
        {
            HashSet<Tensor> seen = [];
            Dictionary<Tensor, List<Node>> readers = [];
            void See(Tensor? tensor)
            {
                if (tensor is not null && seen.Add(tensor))
                    Tensors.Add(tensor);
            }

            foreach (Tensor input in graph.Inputs)
                See(input);
            foreach (Node node in graph.Nodes)
            {
                foreach (Tensor? input in node.Inputs)
                {
                    See(input);
                    if (input is null)
                        continue;
                    if (!readers.TryGetValue(input, out var list))
                        readers[input] = list = [];
                    if (list.Count == 0 || list[^1] != node)
                        list.Add(node);
                }
                foreach (Tensor? intermediate in node.Intermediates)
                    See(intermediate);
                foreach (Tensor output in node.Outputs)
                {
                    See(output);
                    Producers.TryAdd(output, node);
                }
            }
            foreach (Tensor output in graph.Outputs)
                See(output);
            Outputs.UnionWith(graph.Outputs);
            foreach ((Tensor tensor, List<Node> nodes) in readers)
                Consumers[tensor] = [.. nodes];
        }

        public List<Tensor> Tensors { get; } = [];

        public HashSet<Tensor> Outputs { get; } = [];

        public Dictionary<Tensor, Node> Producers { get; } = [];

        public Dictionary<Tensor, ImmutableArray<Node>> Consumers { get; } = [];
    }
}
