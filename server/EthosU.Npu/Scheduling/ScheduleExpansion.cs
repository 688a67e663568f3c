using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>Numbers operations and stripes of all parts, in their order, by steps.</summary>
/// <param name="target">What is compiled for.</param>
/// <param name="weights">Encoded weights.</param>
/// <param name="blocks">Chooses the blocks of stripes.</param>
/// <param name="cuts">Channels at which operations are cut in two.</param>
internal sealed class ScheduleExpansion(Target target, WeightStore weights, BlockPlanner blocks,
    IReadOnlyDictionary<(int Run, int Op), int> cuts)
{
    private readonly List<(Node, int)> cpu = [];
    private readonly List<ScheduledRun> runs = [];
    private readonly Dictionary<NpuTensor, int> rolling = [];
    private readonly List<WeightBuffer> buffers = [];
    private readonly Dictionary<int, (int Run, int Op)> origins = [];

    /// <summary>Nodes on the CPU and their steps.</summary>
    public IReadOnlyList<(Node Node, int Step)> Cpu => cpu;

    /// <summary>The parts on the NPU.</summary>
    public IReadOnlyList<ScheduledRun> Runs => runs;

    /// <summary>All operations on the NPU.</summary>
    public IEnumerable<PlannedOp> Ops => runs.SelectMany(static run => run.Ops);

    /// <summary>Rows of the tensors inside cascades.</summary>
    public IReadOnlyDictionary<NpuTensor, int> Rolling => rolling;

    /// <summary>Copies of weights that cascades need.</summary>
    public IReadOnlyList<WeightBuffer> Buffers => buffers;

    /// <summary>Number of steps.</summary>
    public int Steps { get; private set; }

    /// <summary>Adds a node on the CPU or a part on the NPU.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="run">The node or part.</param>
    /// <param name="planned">Its operations with their blocks.</param>
    /// <param name="segments">How they are cut.</param>
    public void Add(int number, LoweredRun run, IReadOnlyList<PlannedOp> planned, ImmutableArray<Segment> segments)
    {
        if (run.Cpu is { } node)
        {
            cpu.Add((node, Steps++));
            return;
        }
        var ops = ImmutableArray.CreateBuilder<PlannedOp>(planned.Count);
        foreach (Segment segment in segments)
            if (!segment.IsCascade)
                AddAlone(number, planned[segment.First], segment.First, ops);
            else
                Expand(run, planned, segment, ops);
        runs.Add(new(run.Part!, ops.ToImmutable()));
    }

    /// <summary>The operation, as numbered before, of a step that is no stripe.</summary>
    public (int Run, int Op) OriginOf(int step) => origins[step];

    /// <summary>The parts with blocks that suit where weights are read.</summary>
    public ImmutableArray<ScheduledRun> WithBlocksFor(ImmutableArray<WeightBuffer> all)
    {
        if (!WeightBuffers.ArePossible(target))
            return [.. runs];
        HashSet<int> buffered = [.. all.SelectMany(static buffer => buffer.Users)];
        return [.. runs.Select(run => run with
        {
            Ops = [.. run.Ops.Select(op => !op.Op.HasWeights ? op : Replan(op, buffered.Contains(op.Step)))],
        })];
    }

    private void AddAlone(int run, PlannedOp planned, int number, ImmutableArray<PlannedOp>.Builder ops)
    {
        if (!cuts.TryGetValue((run, number), out int cut))
        {
            origins.Add(Steps, (run, number));
            ops.Add(planned with { Step = Steps++ });
            return;
        }
        foreach ((int first, int last) in ((int, int)[])[(0, cut), (cut, planned.Op.Ofm.Depth)])
        {
            FeatureMap ofm = planned.Op.Ofm;
            NpuOp part = planned.Op with { Ofm = ofm with { Depth = last - first, Offset = ofm.Offset + (first * ofm.ElementBytes) } };
            // Both parts read the same encoded weights.
            ops.Add(blocks.Plan(part, Steps++, default, target.CacheMemory, planned.Block.Depth) with
            {
                Cut = cut,
                FirstChannel = first,
                EncodedDepth = planned.WeightKey.BlockDepth,
            });
        }
    }

    private PlannedOp Replan(PlannedOp op, bool isBuffered)
    {
        PlannedOp other = blocks.Plan(op.Op, op.Step, weights.SizesOf(op), isBuffered ? target.CacheMemory : target.ConstMemory,
            op.Block.Depth);
        return op with { Block = other.Block, SharedRam = other.SharedRam };
    }

    private void Expand(LoweredRun run, IReadOnlyList<PlannedOp> planned, Segment segment, ImmutableArray<PlannedOp>.Builder result)
    {
        List<NpuTensor> inner = InnerTensors.Of(run.Ops, run.Rows, segment.First, segment.Last);
        StripeOrder order = new(run.Ops, segment.First, segment.Last, inner);
        order.Find(segment.Height);
        int first = Steps, number = 0;
        foreach (int rows in order.BufferRows)
        {
            NpuTensor tensor = inner[number++];
            if (rows < tensor.Height)
                rolling.Add(tensor, rows);
        }
        Dictionary<int, List<int>> users = [];
        foreach (Stripe stripe in order.Stripes)
        {
            PlannedOp whole = planned[stripe.Op];
            NpuOp op = StripeRules.Slice(whole.Op, stripe.Start, stripe.End);
            bool isBuffered = segment.Buffered.Contains(stripe.Op);
            if (isBuffered)
            {
                if (!users.TryGetValue(stripe.Op, out List<int>? steps))
                    users.Add(stripe.Op, steps = []);
                steps.Add(Steps);
            }
            WeightSizes size = op.HasWeights ? weights.SizesOf(whole) : default;
            result.Add(blocks.Plan(op, Steps++, size, isBuffered ? target.CacheMemory : target.ConstMemory, whole.Block.Depth)
                with { IsStripe = true, EncodedDepth = op.HasWeights ? whole.WeightKey.BlockDepth : 0 });
        }
        foreach ((int op, List<int> steps) in users)
        {
            long bytes = weights.SizesOf(planned[op]).Total;
            buffers.Add(new([.. steps], WeightBuffers.Memory(planned[op].Op, bytes), new(first, steps[^1], bytes), 0)
            {
                Chunks = [new(steps[0], bytes)],
            });
        }
    }
}
