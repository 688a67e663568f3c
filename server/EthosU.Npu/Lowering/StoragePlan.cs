using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>
/// Decides which tensors of a run of nodes are parts of others, so that nothing has to be moved: reshapes, slices and splits are parts of
/// what they read, inputs of concatenations parts of what these write (npu-operators 2.18 to 2.21 and 5.5).
/// </summary>
internal sealed class StoragePlan
{
    private readonly Graph graph;
    private readonly HashSet<Node> members;
    private readonly Dictionary<Tensor, NpuTensor> shared;
    private readonly Dictionary<Tensor, NpuTensor> own = [];
    private readonly Dictionary<Tensor, View> views = [];
    private readonly Dictionary<Tensor, (Tensor Parent, Func<View, View> Map, Node Node)> aliases = [];
    private readonly HashSet<Node> fusedPads = [];
    private readonly Dictionary<Node, Node> padOfConsumer = [];

    /// <summary>A plan for the nodes of one custom operator.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="nodes">The nodes, in order.</param>
    /// <param name="shared">Storage of constants and of tensors that others see, common to all runs; filled as needed.</param>
    public StoragePlan(Graph graph, IReadOnlyList<Node> nodes, Dictionary<Tensor, NpuTensor> shared)
    {
        this.graph = graph;
        this.shared = shared;
        members = [.. nodes];
        foreach (Node node in nodes)
            PlanPad(node);
        foreach (Node node in nodes.Reverse())
            PlanWrites(node);
        foreach (Node node in nodes)
            PlanReads(node);
    }

    /// <summary>The tensor's elements.</summary>
    public View ViewOf(Tensor tensor)
    {
        if (views.TryGetValue(tensor, out View? view))
            return view;
        view = aliases.TryGetValue(tensor, out var alias) ? alias.Map(ViewOf(alias.Parent)) : View.Of(StorageOf(tensor));
        views.Add(tensor, view);
        return view;
    }

    /// <summary>
    /// True if input or output of the node is a part of the other one because of this node, so that nothing has to be done.
    /// </summary>
    public bool IsView(Node node, Tensor tensor) => aliases.TryGetValue(tensor, out var alias) && alias.Node == node;

    /// <summary>True if the tensor is made and read in this run only, by one reader.</summary>
    public bool IsPrivate(Tensor tensor) => !IsBoundary(tensor) && !tensor.IsConstant && !aliases.ContainsKey(tensor)
        && graph.HasSingleUse(tensor) && !aliases.Values.Any(alias => alias.Parent == tensor);

    /// <summary>True if anything outside the run reads or writes the tensor.</summary>
    public bool IsBoundary(Tensor tensor) => !tensor.IsConstant
        && (graph.Producer(tensor) is not { } producer || !members.Contains(producer) || graph.Outputs.Contains(tensor) || tensor.IsVariable
            || graph.Consumers(tensor).Any(consumer => !members.Contains(consumer)));

    /// <summary>True if all readers of the padding do it themselves.</summary>
    public bool IsFusedPad(Node node) => fusedPads.Contains(node);

    /// <summary>The PAD whose work the node does, or null.</summary>
    public Node? FusedPadOf(Node node) => padOfConsumer.GetValueOrDefault(node);

    private NpuTensor StorageOf(Tensor tensor)
    {
        bool common = tensor.IsConstant || IsBoundary(tensor);
        Dictionary<Tensor, NpuTensor> table = common ? shared : own;
        if (table.TryGetValue(tensor, out NpuTensor? storage))
            return storage;
        NpuTensorRole role = tensor.IsConstant ? NpuTensorRole.Constant
            : tensor.IsVariable ? NpuTensorRole.Variable
            : common ? NpuTensorRole.Boundary : NpuTensorRole.Internal;
        storage = new(tensor.Name, tensor.Type, tensor.Shape, role) { Source = tensor, Data = tensor.Data?.Bytes ?? default };
        table.Add(tensor, storage);
        return storage;
    }

    private void PlanPad(Node node)
    {
        if (node.Operator is not Pad || node.TryInput(1)?.Data is null)
            return;
        ImmutableArray<Node> consumers = graph.Consumers(node.Output);
        foreach (Node consumer in consumers)
            if (members.Contains(consumer) && PadFusion.Suits(node, consumer))
                padOfConsumer.Add(consumer, node);
        if (!IsBoundary(node.Output) && consumers.All(padOfConsumer.ContainsKey))
            fusedPads.Add(node);
    }

    /// <summary>What the node reads becomes a part of what it writes.</summary>
    private void PlanWrites(Node node)
    {
        switch (node.Operator)
        {
            case Concatenation or Pack:
                foreach (ConcatenationPart part in ConcatenationPart.Of(node))
                    if (MayWriteInto(part.Input, node.Output) && node.Inputs.Count(input => input == part.Input) == 1
                        && CanWrite(part.Input, part.Take(ViewOf(node.Output))))
                        aliases.Add(part.Input, (node.Output, part.Take, node));
                break;
            case Reshape or Squeeze or ExpandDims:
                Tensor to = node.Output, from = node.Input(0);
                if ((aliases.ContainsKey(to) || IsBoundary(to)) && MayWriteInto(from, to)
                    && ViewOf(to).TryReshape(from.Shape.Sizes.AsSpan()) is { } target && CanWrite(from, target))
                    aliases.Add(from, (to, view => view.TryReshape(from.Shape.Sizes.AsSpan())!, node));
                break;
            case Pad when !IsFusedPad(node) && node.TryInput(1)?.Data is not null:
                Tensor inner = node.Input(0);
                if (MayWriteInto(inner, node.Output) && !padOfConsumer.ContainsValue(node)
                    && CanWrite(inner, PadLowering.Inner(node, ViewOf(node.Output))))
                    aliases.Add(inner, (node.Output, view => PadLowering.Inner(node, view), node));
                break;
        }
    }

    private bool MayWriteInto(Tensor part, Tensor whole) =>
        !part.IsConstant && !IsBoundary(part) && !aliases.ContainsKey(part) && !whole.IsConstant && part.Type == whole.Type
        && graph.Producer(part) is { } producer && members.Contains(producer) && !WritesItself(producer);

    /// <summary>
    /// True if the operations of the tensor's producer can write to the place: channels next to each other, rows where rows are made.
    /// </summary>
    private bool CanWrite(Tensor part, View place) =>
        (place.Rank == 0 || place.Sizes[^1] == 1 || place.Strides[^1] == place.ElementBytes)
        && (place.Rank == 0 || graph.Producer(part)?.Operator is not (FullyConnected or ArgReduce or Reduce)
            || place.TryReshape([(int)(place.ElementCount / place.Sizes[^1]), place.Sizes[^1]]) is not null);

    /// <summary>True for nodes whose result is not written by an operation but is a part of what they read.</summary>
    private bool WritesItself(Node node) => node.Operator is Split or SplitV or Unpack or Slice or StridedSlice
        || (node.Operator is Reshape or Squeeze or ExpandDims && IsPartOfBoundary(node.Input(0)));

    private bool IsPartOfBoundary(Tensor tensor) => tensor.IsConstant || IsBoundary(tensor);

    /// <summary>What the node writes becomes a part of what it reads.</summary>
    private void PlanReads(Node node)
    {
        switch (node.Operator)
        {
            case Reshape or Squeeze or ExpandDims:
                Tensor output = node.Output;
                if (CanBePart(output) && !IsView(node, node.Input(0))
                    && ViewOf(node.Input(0)).TryReshape(output.Shape.Sizes.AsSpan()) is not null)
                    aliases.Add(output, (node.Input(0), view => view.TryReshape(output.Shape.Sizes.AsSpan())!, node));
                break;
            case Split or SplitV or Unpack or Slice or StridedSlice:
                foreach (SlicePart part in SlicePart.Of(node))
                    if (CanBePart(part.Output) && part.Output.Type == part.Input.Type && !part.IsReversed
                        && !part.PicksChannels)
                    {
                        aliases.Add(part.Output, (part.Input, part.Take, node));
                        // Found now, so that a long chain of parts is never followed in one go.
                        ViewOf(part.Output);
                    }
                break;
        }
    }

    private bool CanBePart(Tensor tensor) => !IsBoundary(tensor) && !aliases.ContainsKey(tensor) && !views.ContainsKey(tensor);
}
