using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>Puts a region's nodes and transpositions into a patch.</summary>
internal sealed class RegionRewriter(Graph graph, GraphPatch patch, LayoutRegion region)
{
    private readonly Dictionary<Tensor, Tensor> kept = [];
    private readonly Dictionary<(Tensor, Arrangement), Tensor> transposed = [];
    private readonly List<Node> extra = [];

    public void Rewrite()
    {
        foreach (Tensor tensor in region.Tensors)
            kept[tensor] = MakeKept(tensor);
        foreach (Tensor tensor in region.Tensors)
            Border(tensor);
        Dictionary<Node, Node> rebuilt = [];
        foreach (Node node in region.Nodes)
            rebuilt[node] = Rebuild(node);
        foreach (Node node in region.Nodes)
        {
            patch.Replace(node, [.. extra, rebuilt[node]]);
            extra.Clear();
        }
    }

    /// <summary>The tensor in its new order, under the user's name if that becomes free.</summary>
    private Tensor MakeKept(Tensor tensor)
    {
        Node? producer = graph.Producer(tensor);
        List<Tensor> same = [tensor];
        if (Arrangement.Of(producer) is not null)
            same.Add(producer!.Input(0));
        same.AddRange(graph.Consumers(tensor).Where(node => Arrangement.Of(node) is not null).Select(node => node.Output));
        string? origin = same.Select(t => t.Origin).FirstOrDefault(name => name is not null);
        bool isFree = !region.IsNeededAsBefore(tensor) && producer is not null
            && (region.Contains(producer) || Arrangement.Of(producer) is not null);
        string name = isFree ? tensor.Name : patch.MakeName($"{tensor.Name}/transposed");
        return new Tensor(name, tensor.Type, region.AxesOf(tensor)!.Value.Apply(tensor.Shape),
            tensor.Quantization) { Range = tensor.Range, Origin = origin };
    }

    private void Border(Tensor tensor)
    {
        Node? producer = graph.Producer(tensor);
        var (source, isKept, axes) = region.Locate(tensor);
        Tensor from = isKept ? kept[source] : source;
        bool needed = region.IsNeededAsBefore(tensor);
        Source why = (producer ?? graph.Consumers(tensor)[0]).Source;
        if (!isKept || source != tensor) // not computed inside: brought into the new order here
        {
            Arrangement order = axes.Then(region.AxesOf(tensor)!.Value);
            if (order.IsIdentity)
                kept[tensor] = from;
            else
                extra.AddRange(Move(from, order, kept[tensor], why));
        }
        if (Arrangement.Of(producer) is not null)
            patch.Replace(producer!, needed ? Move(from, axes, tensor, why) : []);
        else if (needed && isKept)
            extra.AddRange(Move(from, axes, tensor, why));
        foreach (Node consumer in graph.Consumers(tensor))
        {
            if (Arrangement.Of(consumer) is not { } next || region.AxesOf(consumer.Output) is not null)
                continue;
            Arrangement order = axes.Then(next);
            if (!order.IsIdentity)
            {
                patch.Replace(consumer, Move(from, order, consumer.Output, consumer.Source));
                continue;
            }
            patch.Remove(consumer);
            patch.Redirect(consumer.Output, from);
        }
    }

    /// <summary>The nodes that put elements in their order along axes, then the axes.</summary>
    private Node[] Move(Tensor from, Arrangement arrangement, Tensor to, Source source)
    {
        List<(Operator Operator, TensorData Operand)> steps = [];
        for (int axis = 0; axis < arrangement.Rank; axis++)
            if (arrangement.OrderOf(axis) is { } order)
                steps.Add((new Gather(axis), TensorData.Vector<int>(order)));
        if (!arrangement.KeepsAxes || steps.Count == 0)
            steps.Add((new Transpose(), TensorData.Vector<int>(arrangement.Axes.AsSpan())));
        var nodes = new Node[steps.Count];
        for (int i = 0; i < nodes.Length; i++)
        {
            Tensor result = i == nodes.Length - 1 ? to : from.WithName(patch.MakeName($"{to.Name}/ordered"));
            nodes[i] = new(steps[i].Operator, [from, new Tensor(patch.MakeName($"{to.Name}/order"), steps[i].Operand)], [result], source);
            from = result;
        }
        return nodes;
    }

    private Node Rebuild(Node node)
    {
        NodeLayout layout = region.LayoutOf(node);
        var inputs = ImmutableArray.CreateBuilder<Tensor?>();
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            OperandLayout operand = layout.Inputs[i];
            Tensor? input = node.Inputs[i];
            inputs.Add(operand switch
            {
                { Constant: { } data } => new Tensor(patch.MakeName(input!.Name), data, operand.Quantization),
                { Reshaped: { } shape } => Reshape(input!, shape, node.Source),
                { Axes: not null } => kept.GetValueOrDefault(input!, input!),
                _ => input,
            });
        }
        ImmutableArray<Tensor> outputs = [.. node.Outputs.Select(output => kept.GetValueOrDefault(output, output))];
        return new Node(layout.Operator, inputs.ToImmutable(), outputs, node.Source) { Intermediates = node.Intermediates };
    }

    private Tensor Reshape(Tensor tensor, Shape shape, Source source)
    {
        Tensor result = tensor.WithShape(shape).WithName(patch.MakeName($"{tensor.Name}/reshaped"));
        extra.Add(new Node(new Reshape(), [tensor, new Tensor(patch.MakeName($"{result.Name}/shape"), TensorData.Vector<int>([.. shape]))],
            [result], source));
        return result;
    }
}
