using EthosU.Graphs;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Who needs which piece of memory when (npu-scheduling 4.1). Tensors of the model go by themselves, what only the NPU knows by its
/// storage. Time is counted in steps: each node on the CPU and each NPU operation is one.
/// </summary>
internal sealed class TensorUses
{
    private readonly IReadOnlySet<NpuTensor> bricks;
    private readonly IReadOnlyDictionary<NpuTensor, int> rolling;
    private readonly Dictionary<object, TensorUse> uses = [];

    /// <summary>Collects them.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="cpu">Nodes on the CPU and their steps.</param>
    /// <param name="ops">NPU operations and their steps.</param>
    /// <param name="bricks">Tensors in bricks of 16 channels.</param>
    /// <param name="rolling">Rows of the tensors that are never whole in memory.</param>
    /// <param name="steps">Number of steps.</param>
    public TensorUses(Graph graph, IEnumerable<(Node Node, int Step)> cpu, IEnumerable<(NpuOp Op, int Step)> ops,
        IReadOnlySet<NpuTensor> bricks, IReadOnlyDictionary<NpuTensor, int> rolling, int steps)
    {
        this.bricks = bricks;
        this.rolling = rolling;
        foreach (Tensor input in graph.Inputs)
            Touch(input, 0);
        foreach ((Node node, int step) in cpu)
            foreach (Tensor? tensor in node.Inputs.Concat(node.Outputs))
                if (tensor is not null)
                    Touch(tensor, step);
        foreach ((NpuOp op, int step) in ops)
            foreach (FeatureMap map in op.Reads.Append(op.Ofm))
                if (map.Tensor.Role != NpuTensorRole.Constant)
                    Touch(Key(map.Tensor), step);
        foreach (Tensor output in graph.Outputs)
            Touch(output, steps);
        foreach ((object key, TensorUse use) in uses)
            if (key is Tensor { IsVariable: true })
                (use.Start, use.End) = (0, steps);
    }

    /// <summary>All pieces.</summary>
    public IReadOnlyCollection<object> Keys => uses.Keys;

    /// <summary>When a piece is needed.</summary>
    public TensorUse this[object key] => uses[key];

    /// <summary>The piece of memory of a tensor.</summary>
    public static object Key(NpuTensor tensor) => tensor.Source is { } source && tensor.Role != NpuTensorRole.Internal ? source : tensor;

    /// <summary>Adds memory that is needed beside tensors.</summary>
    public void Keep(NpuTensor memory, LiveRange range)
    {
        Touch(memory, range.Start);
        Touch(memory, range.End);
    }

    private void Touch(object key, int step)
    {
        if (key is Tensor tensor && (tensor.IsConstant || !tensor.Type.HasFixedSize() || tensor.Type == ElementType.Resource))
            return;
        if (uses.TryGetValue(key, out TensorUse? use))
        {
            use.Start = Math.Min(use.Start, step);
            use.End = Math.Max(use.End, step);
        }
        else
            uses.Add(key, new(step, step, Bytes(key)));
    }

    private long Bytes(object key) => key switch
    {
        NpuTensor tensor when rolling.TryGetValue(tensor, out int rows) => TensorLayouts.Bytes(tensor, bricks, rows),
        NpuTensor tensor => TensorLayouts.Bytes(tensor, bricks),
        Tensor tensor => tensor.Type.ByteCount(tensor.Shape.ElementCount),
        _ => 0,
    };
}
