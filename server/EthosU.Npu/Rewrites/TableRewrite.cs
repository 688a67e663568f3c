using EthosU.Graphs;

namespace EthosU.Npu.Rewrites;

/// <summary>
/// Operators of which all together depend on one value of int8, such as those on reals between a DEQUANTIZE and a QUANTIZE, become one
/// table, which the interpreter's kernels fill: it holds the same bits as their results (npu-operators 2.15).
/// </summary>
internal sealed class TableRewrite
{
    private const int LongestChain = 256, MaxAxis = 65536;

    private readonly Graph graph;
    private readonly IReadOnlyCollection<string> kept;
    private readonly Dictionary<Tensor, Tensor> roots = []; // the value of int8 on which each tensor depends
    private readonly HashSet<Tensor> read = []; // by operators that depend on more than one value, or by the user
    private readonly Dictionary<Node, int> places = [];
    private readonly GraphPatch patch;
    private readonly Dictionary<Node, Node> absorbed = [];

    private TableRewrite(Graph graph, IReadOnlyCollection<string> kept) => (this.graph, this.kept, patch) = (graph, kept, new(graph));

    /// <summary>The graph with tables, and for each node that disappeared the one that does its work.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="kept">Names of nodes that must stay what they are.</param>
    public static (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed) Apply(Graph graph, IReadOnlyCollection<string> kept) =>
        new TableRewrite(graph, kept).Run();

    private (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed) Run()
    {
        foreach (Node node in graph.Nodes)
        {
            places.Add(node, places.Count);
            if (RootOf(node) is { } root)
                roots[node.Output] = root;
        }
        read.UnionWith(graph.Outputs);
        foreach (Node node in graph.Nodes)
            if (node.Outputs.IsEmpty || !roots.ContainsKey(node.Output))
                read.UnionWith(node.Inputs.OfType<Tensor>());
        HashSet<Tensor> needed = [.. read];
        List<(Node Node, Chain Chain)> chains = [];
        HashSet<Node> inside = [], stay = [];
        foreach (Node node in graph.Nodes.Reverse())
        {
            if (node.Outputs.IsEmpty || !roots.ContainsKey(node.Output) || !needed.Contains(node.Output))
                continue;
            if (Find(node) is { } chain)
            {
                chains.Add((node, chain));
                inside.UnionWith(chain.Nodes);
                needed.Add(chain.Source);
                continue;
            }
            stay.Add(node);
            needed.UnionWith(node.Inputs.OfType<Tensor>());
        }
        foreach ((Node node, Chain chain) in chains)
            Replace(node, chain, stay);
        foreach (Node node in inside)
            if (!stay.Contains(node) && !patch.Touches(node))
                patch.Remove(node);
        return absorbed.Count == 0 ? (graph, absorbed) : (patch.Apply(), absorbed);
    }

    /// <summary>The one value of int8 that the node's result depends on; null if there is none.</summary>
    private Tensor? RootOf(Node node)
    {
        if (node.Outputs.Length != 1 || !OneValueOperators.Contains(node.Operator) || !OneValueOperators.IsInner(node.Output)
            || kept.Contains(node.Name))
            return null;
        Tensor? root = null;
        int count = OneValueOperators.IsView(node.Operator) ? 1 : node.Inputs.Length;
        for (int i = 0; i < count; i++)
        {
            if (node.TryInput(i) is not { } input)
                continue;
            if (input.IsConstant)
            {
                if (OneValueOperators.Number(input) is null)
                    return null;
                continue;
            }
            if (!roots.TryGetValue(input, out Tensor? its) && !IsStart(input))
                return null;
            its ??= input;
            if ((root is not null && root != its) || input.Shape.ElementCount != its.Shape.ElementCount)
                return null;
            root = its;
        }
        return root is not null && node.Output.Shape.ElementCount == root.Shape.ElementCount ? root : null;
    }

    private static bool IsStart(Tensor tensor) => tensor is { Type: ElementType.Int8, IsVariable: false, OpenAxes.IsEmpty: true }
        && OneValueOperators.IsStored(tensor) && tensor.Shape.All(static size => size is >= 1 and <= MaxAxis)
        && tensor.Shape.ElementCount <= int.MaxValue;

    /// <summary>What a table for a node's result would stand for; null where there had better be none.</summary>
    private Chain? Find(Node last)
    {
        if (!OneValueOperators.IsStored(last.Output))
            return null;
        Tensor root = roots[last.Output];
        (List<Node> nodes, HashSet<Tensor> sources)? near =
            Collect(last, tensor => tensor == root || (read.Contains(tensor) && IsStart(tensor)));
        if (near is { sources.Count: 1 } one)
            return Make(last, one.sources.Single(), one.nodes);
        // Values that are in memory anyway, and one of the NPU's operations makes the result of them.
        if (near is { } several && several.nodes.Count == 1 && OneValueOperators.HasOwnForm(last))
            return null;
        return Collect(last, tensor => tensor == root) is { } all ? Make(last, root, all.Nodes) : null;
    }

    private static Chain? Make(Node last, Tensor source, List<Node> nodes)
    {
        Node[] steps = [.. nodes.Where(static node => !OneValueOperators.IsView(node.Operator))];
        bool whole = steps.All(OneValueOperators.HasOwnForm);
        if (steps.Length == 0 || (whole && (steps.Length == 1 || last.Output.Type != ElementType.Int8)))
            return null;
        Dictionary<Tensor, Tensor> values = new() { [source] = OneValueOperators.AllOf(source) };
        foreach (Node node in nodes)
        {
            if (OneValueOperators.IsView(node.Operator))
            {
                values[node.Output] = values[node.Input(0)];
                continue;
            }
            Tensor?[] operands = [.. node.Inputs.Select(input => input is null ? null
                : input.IsConstant ? OneValueOperators.Number(input) : values[input])];
            if (OneValueOperators.Evaluate(node, operands) is not { } result)
                return null;
            values[node.Output] = result;
        }
        return new(source, nodes, values[last.Output].Data!);
    }

    /// <summary>The nodes between some tensors and a node's result, in order, and those of the tensors that they read.</summary>
    private (List<Node> Nodes, HashSet<Tensor> Sources)? Collect(Node last, Func<Tensor, bool> isSource)
    {
        HashSet<Node> seen = [last];
        HashSet<Tensor> sources = [];
        Stack<Node> open = new([last]);
        while (open.TryPop(out Node? next))
        {
            int count = OneValueOperators.IsView(next.Operator) ? 1 : next.Inputs.Length;
            for (int i = 0; i < count; i++)
            {
                if (next.TryInput(i) is not { IsConstant: false } input)
                    continue;
                if (isSource(input))
                    sources.Add(input);
                else if (graph.Producer(input) is { } producer && seen.Add(producer))
                    open.Push(producer);
            }
            if (seen.Count > LongestChain)
                return null;
        }
        return ([.. seen.OrderBy(node => places[node])], sources);
    }

    private void Replace(Node last, Chain chain, HashSet<Node> stay)
    {
        Source source = chain.Nodes.Find(static node => node.Operator is not (Dequantize or Quantize))?.Source ?? last.Source;
        Tensor result = last.Output;
        bool moved = result.Shape != chain.Source.Shape;
        Tensor direct = moved ? new(patch.MakeName($"{result.Name}/table"), result.Type, chain.Source.Shape, result.Quantization) : result;
        Node table = new(new TableLookup(chain.Entries), [chain.Source], [direct], source);
        if (moved)
            patch.Replace(last, table, new(new Reshape(),
                [direct, new(patch.MakeName($"{result.Name}/shape"), TensorData.Vector<int>([.. result.Shape]))], [result], last.Source));
        else
            patch.Replace(last, table);
        foreach (Node node in chain.Nodes)
            if (!stay.Contains(node))
                absorbed.TryAdd(node, table);
    }

    private sealed record Chain(Tensor Source, List<Node> Nodes, TensorData Entries);
}
