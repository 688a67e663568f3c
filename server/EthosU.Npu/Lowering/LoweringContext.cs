using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;
using EthosU.Npu.Support;

namespace EthosU.Npu.Lowering;

/// <summary>Collects the NPU operations of one run of nodes while these are lowered.</summary>
/// <param name="plan">Where the tensors of the run lie.</param>
internal sealed class LoweringContext(StoragePlan plan)
{
    /// <summary>So many operations fill a command stream of 16 MiB, however short each is.</summary>
    private const int MaxOperations = 300_000;

    private const long MaxConstantBytes = 1 << 28;

    private readonly List<NpuOp> ops = [];
    private readonly Dictionary<NpuTensor, List<int>> writers = []; // operations by what they write to
    private readonly HashSet<NpuTensor> read = [];
    private int temporaries;

    /// <summary>The operations so far, in order.</summary>
    public IReadOnlyList<NpuOp> Ops => ops;

    /// <summary>Where the tensors of the run lie.</summary>
    public StoragePlan Plan => plan;

    /// <summary>A tensor of the model, to be read or written.</summary>
    public View this[Tensor tensor] => plan.ViewOf(tensor);

    /// <summary>Storage for an intermediate result.</summary>
    public View Temporary(Node node, string what, ElementType type, params ReadOnlySpan<int> sizes) =>
        View.Of(new NpuTensor($"{node.Name}/{what}{temporaries++}", type, new Shape([.. sizes]), NpuTensorRole.Internal));

    /// <summary>A constant that the lowering needs.</summary>
    public View Constant(Node node, string what, TensorData data) =>
        View.Of(new NpuTensor($"{node.Name}/{what}{temporaries++}", data.Type, data.Shape, NpuTensorRole.Constant) { Data = data.Bytes });

    /// <summary>A constant of the same integer everywhere.</summary>
    /// <exception cref="UnsupportedModelException">It is too large for a file.</exception>
    public View Filled(Node node, string what, ElementType type, ImmutableArray<int> sizes, long value)
    {
        Shape shape = new(sizes);
        return type.ByteCount(shape.ElementCount) <= MaxConstantBytes
            ? Constant(node, what, Constants.Filled(type, shape, value))
            : throw ModelChecks.Refusal($"The NPU needs a constant of {type.ByteCount(shape.ElementCount)} bytes for this operator.", node);
    }

    /// <summary>A 32-bit number as an operand; the hardware's scalar register has 16 bits only.</summary>
    public View Constant(Node node, int value) => Constant(node, "constant", TensorData.From<int>([1, 1, 1], [value]));

    /// <summary>Adds an operation.</summary>
    /// <exception cref="UnsupportedModelException">There are more than a command stream holds.</exception>
    public void Emit(NpuOp op)
    {
        if (ops.Count >= MaxOperations)
            throw ModelChecks
                .Refusal($"A part of the model takes more than {MaxOperations} operations of the NPU, more than its command stream can "
                    + $"hold.", op.Node);
        HardwareRules.Check(op);
        Note(op, ops.Count);
        ops.Add(op);
    }

    private void Note(NpuOp op, int index)
    {
        if (!writers.TryGetValue(op.Ofm.Tensor, out List<int>? list))
            writers[op.Ofm.Tensor] = list = [];
        list.Add(index);
        read.UnionWith(op.Reads.Select(static map => map.Tensor));
    }

    /// <summary>Adds operations that copy elements; shapes and types are equal.</summary>
    public void Copy(Node node, View from, View to)
    {
        if (from.ElementBytes > 2)
        {
            from = from.AsPieces(ElementType.Int16);
            to = to.AsPieces(ElementType.Int16);
        }
        foreach (FeatureMap[] maps in Pointwise.Split(from, to))
            Emit(new(NpuOpKind.AveragePool, maps[0], maps[1])
            {
                Node = node,
                OfmScale = FixedPointScale.Mean(1),
                Rounding = NpuRounding.Natural,
            });
    }

    /// <summary>The view itself if its channels lie next to each other, otherwise a packed copy.</summary>
    public View WithChannels(Node node, View view)
    {
        if (view.Rank == 0 || view.Sizes[^1] == 1 || view.Strides[^1] == view.ElementBytes)
            return view;
        View packed = Temporary(node, "packed", view.Type, [.. view.Sizes]);
        Copy(node, view, packed);
        return packed;
    }

    /// <summary>The same elements under another shape: a view where that is possible, otherwise of a packed copy.</summary>
    public View Reshape(Node node, View view, params ReadOnlySpan<int> sizes)
    {
        if (view.TryReshape(sizes) is { } reshaped)
            return reshaped;
        View packed = Temporary(node, "packed", view.Type, [.. view.Sizes]);
        Copy(node, view, packed);
        return packed.TryReshape(sizes)!;
    }

    /// <summary>
    /// Adds an operation of two operands, element by element, with broadcasting of either side. The template's zero points and scaling are
    /// in the mathematical order of the operands.
    /// </summary>
    public void Binary(BinaryTemplate template, View first, View second, View result)
    {
        int rank = Math.Max(3, result.Rank);
        View a = first.WithRank(rank), b = second.WithRank(rank), y = result.WithRank(rank);
        if (!SameSizes(a, y) && !SameSizes(b, y))
            a = Expand(template, a, y);
        bool reversed = !SameSizes(a, y)
            || (SameSizes(b, y) && a.Storage.Role == NpuTensorRole.Constant && b.Storage.Role != NpuTensorRole.Constant);
        (View ifm, View ifm2) = reversed ? (b, a) : (a, b);
        foreach (FeatureMap[] maps in Pointwise.Split(ifm, ifm2, y))
            Emit(template.ToOp(maps[0], maps[1], null, maps[2], reversed));
    }

    /// <summary>Adds an operation of an operand and a number, as stored, element by element.</summary>
    public void Binary(BinaryTemplate template, View operand, int scalar, bool scalarFirst, View result)
    {
        foreach (FeatureMap[] maps in Pointwise.Split(operand, result))
            Emit(template.ToOp(maps[0], null, scalar, maps[1], scalarFirst));
    }

    /// <summary>
    /// If a tensor is the whole result of one operation and has no other reader, the operation is changed and writes
    /// <paramref name="result"/> instead.
    /// </summary>
    /// <returns>False if nothing was changed.</returns>
    public bool TryFuse(Tensor tensor, View result, Func<NpuOp, NpuOp?> change)
    {
        if (!plan.IsPrivate(tensor))
            return false;
        View view = this[tensor];
        if (!writers.TryGetValue(view.Storage, out List<int>? all) || all is not [int found]
            || ops[found].Ofm.ElementCount != view.ElementCount || !view.IsDense || ops[found].Ofm is not { Offset: 0 }
            || view.Storage.LinearBytes != view.ElementCount * view.ElementBytes || read.Contains(view.Storage))
            return false;
        FeatureMap old = ops[found].Ofm;
        if (result.WithRank(3).TryReshape([old.Height, old.Width, old.Depth]) is not { } target
            || (target.Sizes[2] > 1 && target.Strides[2] != target.ElementBytes)
            || (old.Height > 1 && old.StrideY != (long)old.Width * old.Depth * old.ElementBytes)
            || (old.Width > 1 && old.StrideX != (long)old.Depth * old.ElementBytes)
            || change(ops[found]) is not { } changed)
            return false;
        changed = changed with { Ofm = target.ToFeatureMap() };
        HardwareRules.Check(changed);
        writers.Remove(view.Storage);
        Note(changed, found);
        ops[found] = changed;
        return true;
    }

    private static bool SameSizes(View a, View b) => a.Sizes.AsSpan().SequenceEqual(b.Sizes.AsSpan());

    /// <summary>Repeats an operand over the result's shape, by adding it to zeros.</summary>
    private View Expand(BinaryTemplate template, View operand, View shape)
    {
        Node node = template.Node;
        View expanded = Temporary(node, "broadcast", operand.Type, [.. shape.Sizes]);
        View zeros = Filled(node, "zeros", operand.Type, shape.Sizes, 0);
        foreach (FeatureMap[] maps in Pointwise.Split(zeros, operand, expanded))
            Emit(new BinaryTemplate(ElementwiseMode.Add, node) { OfmScale = FixedPointScale.One }
                .ToOp(maps[0], maps[1], null, maps[2], false));
        return expanded;
    }
}
