using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Optimize.Layout;

/// <summary>Puts a region's nodes and transpositions into a patch.</summary>
internal sealed class RegionRewriter(Graph graph, GraphPatch patch, LayoutRegion region)
{
    private readonly Dictionary<Tensor, Tensor> kept = [];
    private readonly Dictionary<(Tensor, Permutation), Tensor> transposed = [];
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
        if (Permutation.Of(producer) is not null)
            same.Add(producer!.Input(0));
        same.AddRange(graph.Consumers(tensor).Where(node => Permutation.Of(node) is not null).Select(node => node.Output));
        string? origin = same.Select(t => t.Origin).FirstOrDefault(name => name is not null);
        bool isFree = !region.IsNeededAsBefore(tensor) && producer is not null && (region.Contains(producer) || Permutation.Of(producer) is not null);
        string name = isFree ? tensor.Name : patch.MakeName($"{tensor.Name}/transposed");
        return new Tensor(name, tensor.Type, tensor.Shape.Permute(region.AxesOf(tensor)!.Value.Axes.AsSpan()), tensor.Quantization) { Range = tensor.Range, Origin = origin };
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
            Permutation order = axes.Then(region.AxesOf(tensor)!.Value);
            if (order.IsIdentity)
                kept[tensor] = from;
            else
                extra.Add(MakeTranspose(from, order, kept[tensor], why));
        }
        if (Permutation.Of(producer) is not null)
            patch.Replace(producer!, needed ? [MakeTranspose(from, axes, tensor, why)] : []);
        else if (needed && isKept)
            extra.Add(MakeTranspose(from, axes, tensor, why));
        foreach (Node consumer in graph.Consumers(tensor))
        {
            if (Permutation.Of(consumer) is not { } next || region.AxesOf(consumer.Output) is not null)
                continue;
            Permutation order = axes.Then(next);
            if (!order.IsIdentity)
            {
                patch.Replace(consumer, MakeTranspose(from, order, consumer.Output, consumer.Source));
                continue;
            }
            patch.Remove(consumer);
            patch.Redirect(consumer.Output, from);
        }
    }

    private Node MakeTranspose(Tensor from, Permutation axes, Tensor to, Source source) =>
        new(new Transpose(), [from, new Tensor(patch.MakeName($"{to.Name}/axes"), TensorData.Vector<int>(axes.Axes.AsSpan()))], [to], source);

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
                { Constant: { } data } => new Tensor(patch.MakeName(input!.Name), data),
                { Reshaped: { } shape } => Reshape(input!, shape, node.Source),
                _ => input is not null && kept.TryGetValue(input, out Tensor? other) ? other : input,
            });
        }
        ImmutableArray<Tensor> outputs = [.. node.Outputs.Select(output => kept.GetValueOrDefault(output, output))];
        return new Node(layout.Operator, inputs.ToImmutable(), outputs, node.Source) { Intermediates = node.Intermediates };
    }

    private Tensor Reshape(Tensor tensor, Shape shape, Source source)
    {
        Tensor result = tensor.WithShape(shape).WithName(patch.MakeName($"{tensor.Name}/reshaped"));
        extra.Add(new Node(new Reshape(), [tensor, new Tensor(patch.MakeName($"{result.Name}/shape"), TensorData.Vector<int>([.. shape]))], [result], source));
        return result;
    }
}
