using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>
/// The one way to change a graph: collects replacements of nodes and tensors, then makes the new graph, whose nodes are put
/// in an order in which they can run (stable: as near as possible to the old order).
/// </summary>
/// <param name="graph">The graph to change; it stays as it is.</param>
public sealed class GraphPatch(Graph graph)
{
    private readonly Dictionary<Node, ImmutableArray<Node>> replaced = [];
    private readonly Dictionary<Tensor, Tensor> redirected = [];
    private readonly UniqueNames names = new(graph.Tensors.Select(t => t.Name));
    private ImmutableArray<Tensor>? newInputs;
    private ImmutableArray<Tensor>? newOutputs;

    /// <summary>True if nothing has been asked for.</summary>
    public bool IsEmpty => replaced.Count == 0 && redirected.Count == 0 && newInputs is null && newOutputs is null;

    /// <summary>True if the node is already replaced or removed by this patch.</summary>
    public bool Touches(Node node) => replaced.ContainsKey(node);

    /// <summary>A name that no tensor of the graph or of this patch has.</summary>
    public string MakeName(string wanted) => names.Make(wanted);

    /// <summary>Puts nodes in a node's place; none removes it. The new nodes may produce the old node's output tensors.</summary>
    public void Replace(Node node, params ReadOnlySpan<Node> nodes) => replaced.Add(node, [.. nodes]);

    /// <summary>Removes a node. Its outputs must be redirected or unused.</summary>
    public void Remove(Node node) => Replace(node);

    /// <summary>
    /// Lets everything that reads a tensor (also the graph's outputs) read another. A graph output keeps its user's name only if
    /// the caller names the new tensor so.
    /// </summary>
    public void Redirect(Tensor from, Tensor to) => redirected.Add(from, to);

    /// <summary>Sets the graph's inputs.</summary>
    public void SetInputs(ImmutableArray<Tensor> inputs) => newInputs = inputs;

    /// <summary>Sets the graph's outputs (before redirections are applied).</summary>
    public void SetOutputs(ImmutableArray<Tensor> outputs) => newOutputs = outputs;

    /// <summary>The changed graph.</summary>
    /// <exception cref="InvalidGraphException">The nodes form a cycle.</exception>
    public Graph Apply()
    {
        if (IsEmpty)
            return graph;
        List<Node> nodes = [];
        foreach (Node node in graph.Nodes)
        {
            if (replaced.TryGetValue(node, out var replacement))
                nodes.AddRange(replacement.Select(Rewire));
            else
                nodes.Add(Rewire(node));
        }
        ImmutableArray<Tensor> outputs = [.. (newOutputs ?? graph.Outputs).Select(Target)];
        return graph.With(TopologicalOrder.Sort(nodes), newInputs ?? graph.Inputs, outputs);
    }

    private Node Rewire(Node node) =>
        node.Inputs.Any(input => input is not null && redirected.ContainsKey(input))
            ? node.WithInputs([.. node.Inputs.Select(input => input is null ? null : Target(input))])
            : node;

    private Tensor Target(Tensor tensor)
    {
        if (!redirected.ContainsKey(tensor))
            return tensor;
        List<Tensor> way = [];
        while (redirected.TryGetValue(tensor, out Tensor? next))
        {
            way.Add(tensor);
            if (way.Count > redirected.Count)
                throw new InvalidGraphException($"redirections of tensor '{tensor.Name}' form a circle");
            tensor = next;
        }
        foreach (Tensor passed in way) // the next search is short
            redirected[passed] = tensor;
        return tensor;
    }
}
