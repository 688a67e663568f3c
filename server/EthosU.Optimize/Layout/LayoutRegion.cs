using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>
/// Neighbouring tensors that shall be kept transposed, with the nodes that can compute so. Grown from one tensor: each node that
/// follows gives its other tensors their order. At the region's border transpositions are needed; if those cost less than the
/// ones that are there now, the region pays.
/// </summary>
internal sealed class LayoutRegion
{
    private readonly Graph graph;
    private readonly HashSet<Tensor> outputs;
    private readonly Dictionary<Tensor, Arrangement> axes = [];
    private readonly Dictionary<Node, NodeLayout> layouts = [];
    private readonly List<Tensor> tensors = [];

    private LayoutRegion(Graph graph, HashSet<Tensor> outputs)
    {
        this.graph = graph;
        this.outputs = outputs;
    }

    /// <summary>The tensors kept transposed, in the order of growth.</summary>
    public IReadOnlyList<Tensor> Tensors => tensors;

    /// <summary>The nodes that compute in the new order.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>The TRANSPOSE nodes at the border, inside the cost.</summary>
    public List<Node> Transposes { get; } = [];

    /// <summary>Cost of the TRANSPOSE nodes at the border as they are.</summary>
    public TransposeCost Before { get; private set; }

    /// <summary>Cost of those needed with the region.</summary>
    public TransposeCost After { get; private set; }

    /// <summary>How many tensors and readers of them were looked at.</summary>
    public long Work { get; private set; }

    /// <summary>Grows a region.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="seed">The tensor to begin with.</param>
    /// <param name="order">How it is to be transposed.</param>
    /// <param name="direction">Where to spread.</param>
    /// <param name="isFree">False for nodes and tensors that must not become part of the region.</param>
    public static LayoutRegion Grow(Graph graph, HashSet<Tensor> outputs, Tensor seed, Arrangement order, GrowthDirection direction,
        Func<object, bool> isFree)
    {
        LayoutRegion region = new(graph, outputs);
        region.Assign(seed, order);
        for (int i = 0; i < region.tensors.Count; i++)
        {
            Tensor tensor = region.tensors[i];
            if (direction.HasFlag(GrowthDirection.Up) && graph.Producer(tensor) is { } producer)
                region.Include(producer, tensor, isFree);
            if (direction.HasFlag(GrowthDirection.Down))
                foreach (Node consumer in graph.Consumers(tensor))
                    region.Include(consumer, tensor, isFree);
        }
        region.Count();
        return region;
    }

    public bool Contains(Node node) => layouts.ContainsKey(node);

    public NodeLayout LayoutOf(Node node) => layouts[node];

    /// <summary>How the tensor is kept; null if as before.</summary>
    public Arrangement? AxesOf(Tensor tensor) => axes.TryGetValue(tensor, out Arrangement order) && !order.IsIdentity ? order : null;

    /// <summary>True if something reads the tensor in its old order (TRANSPOSE nodes aside).</summary>
    public bool IsNeededAsBefore(Tensor tensor) =>
        outputs.Contains(tensor)
        || graph.Consumers(tensor).Any(node => Contains(node) ? ReadsAsBefore(node, tensor) : Arrangement.Of(node) is null);

    /// <summary>True if a node of the region reads a tensor in its old order all the same.</summary>
    private bool ReadsAsBefore(Node node, Tensor tensor)
    {
        var operands = layouts[node].Inputs;
        for (int i = 0; i < operands.Length; i++)
            if (node.Inputs[i] == tensor && operands[i].Axes is null)
                return true;
        return false;
    }

    /// <summary>
    /// Where the elements of an old tensor can be had: a tensor, whether in its new order, and the transposition that leads from there.
    /// </summary>
    public (Tensor Source, bool Kept, Arrangement Axes) Locate(Tensor tensor)
    {
        Arrangement none = Arrangement.Identity(tensor.Shape.Rank);
        if (AxesOf(tensor) is { } order)
        {
            Node? producer = graph.Producer(tensor);
            if (producer is not null && Contains(producer))
                return (tensor, true, order.Inverse());
            if (Arrangement.Of(producer) is { } permutation)
            {
                var (source, kept, first) = Locate(producer!.Input(0));
                return (source, kept, first.Then(permutation));
            }
        }
        return (tensor, false, none);
    }

    private bool Assign(Tensor tensor, Arrangement order)
    {
        if (!axes.TryAdd(tensor, order))
            return axes[tensor] == order;
        if (!order.IsIdentity)
            tensors.Add(tensor);
        return true;
    }

    private void Include(Node node, Tensor known, Func<object, bool> isFree)
    {
        if (layouts.ContainsKey(node) || Arrangement.Of(node) is not null || !isFree(node)
            || LayoutRules.Find(node, known, axes[known]) is not { } layout)
            return;
        List<(Tensor Tensor, Arrangement Axes)> wanted = [.. node.Outputs.Zip(layout.Outputs)];
        for (int i = 0; i < layout.Inputs.Length; i++)
            if (layout.Inputs[i].Axes is { } order)
                wanted.Add((node.Input(i), order));
        if (wanted.Exists(w => !isFree(w.Tensor) || (axes.TryGetValue(w.Tensor, out Arrangement order) && order != w.Axes))
            || wanted.DistinctBy(w => w.Tensor).Count() != wanted.Distinct().Count())
            return;
        foreach (var (tensor, order) in wanted)
            Assign(tensor, order);
        layouts.Add(node, layout);
        Nodes.Add(node);
    }

    private void Count()
    {
        HashSet<Node> border = [];
        HashSet<(Tensor, bool, Arrangement)> needed = [];
        foreach (Tensor tensor in tensors)
        {
            Work += 2 + graph.Consumers(tensor).Length;
            Arrangement order = axes[tensor];
            var place = Locate(tensor);
            if (!place.Kept || place.Source != tensor)
                needed.Add((place.Source, place.Kept, place.Axes.Then(order)));
            if (IsNeededAsBefore(tensor))
                needed.Add(place);
            Node? producer = graph.Producer(tensor);
            if (Arrangement.Of(producer) is not null && border.Add(producer!))
                Transposes.Add(producer!);
            foreach (Node consumer in graph.Consumers(tensor))
            {
                if (Arrangement.Of(consumer) is not { } next)
                    continue;
                if (border.Add(consumer))
                    Transposes.Add(consumer);
                if (AxesOf(consumer.Output) is null)
                    needed.Add((place.Source, place.Kept, place.Axes.Then(next)));
            }
        }
        Before = Transposes.Select(node => (node.Input(0), Arrangement.Of(node)!.Value)).Distinct()
            .Aggregate(default(TransposeCost), (sum, t) => sum + TransposeCost.Of(t.Item1.Shape, t.Value));
        foreach (var (source, kept, permutation) in needed)
            After += TransposeCost.Of(kept ? axes[source].Apply(source.Shape) : source.Shape, permutation);
        foreach (NodeLayout layout in layouts.Values)
            After += new TransposeCost(0, 0, layout.Inputs.Count(input => input.Reshaped is not null));
    }
}
