using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Scheduling.Cascades;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Decides what shares the memory: which operations run as cascades, which weights are copied to fast memory and when, and where
/// everything lies.
/// </summary>
internal sealed class MemoryScheduler
{
    /// <summary>How often the limit for cascades is made smaller because the pieces of memory do not fit together without gaps.</summary>
    private const int Attempts = 4;

    private readonly Graph graph;
    private readonly CompileOptions options;
    private readonly Target target;
    private readonly LoweredRun[] lowered;
    private readonly PlannedOp[][] planned;
    private readonly IReadOnlySet<NpuTensor> bricks;
    private readonly PlanProfiles profiles;
    private readonly BlockPlanner blocks;
    private readonly WeightStore weights;
    private readonly CancellationToken cancellation;

    /// <summary>Begins with operations, blocks and encoded weights.</summary>
    public MemoryScheduler(Graph graph, CompileOptions options, LoweredRun[] lowered, PlannedOp[][] planned,
        IReadOnlySet<NpuTensor> bricks, PlanProfiles profiles, BlockPlanner blocks, WeightStore weights, CancellationToken cancellation)
    {
        this.graph = graph;
        this.options = options;
        target = options.Target;
        this.lowered = lowered;
        this.planned = planned;
        this.bricks = bricks;
        this.profiles = profiles;
        this.blocks = blocks;
        this.weights = weights;
        this.cancellation = cancellation;
    }

    /// <summary>The best schedule for the goal.</summary>
    public MemorySchedule Find()
    {
        long limit = options.OptimiseFor == CompileGoal.Size ? 0 : target.ArenaCacheSize;
        MemorySchedule whole = Make([.. lowered.Select(static run => Alone(run.Ops.Count))]);
        if (Size(whole) <= limit)
            return whole;
        SegmentChoice[] choices = Choices();
        long least = choices.Length == 0 ? 0 : choices.Max(static choice => choice.LeastMemory());
        MemorySchedule best = whole;
        long wanted = Math.Max(limit, least);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (wanted < least)
                wanted = least;
            MemorySchedule candidate = Make([.. choices.Select(choice => choice.Fastest(wanted)!.Value)]);
            if (Size(candidate) < Size(best))
                best = candidate;
            if (Size(candidate) <= Math.Max(limit, least) || wanted == least)
                break;
            wanted -= Size(candidate) - Math.Max(limit, least);
        }
        return best;
    }

    private long Size(MemorySchedule schedule) => target.IsSpilling ? schedule.Memory.FastSize : schedule.Memory.ArenaSize;

    private static ImmutableArray<Segment> Alone(int count) =>
        [.. Enumerable.Range(0, count).Select(static i => new Segment(i, i, 0, 0, 0, []))];

    /// <summary>Which pieces lie in the memory that is scarce.</summary>
    private bool Counts(object key) => !target.IsSpilling || key is NpuTensor { Role: NpuTensorRole.Internal };

    private SegmentChoice[] Choices()
    {
        (List<(Node, int)> cpu, List<(NpuOp Op, int Step)> ops, int steps) = Steps();
        TensorUses uses = new(graph, cpu, ops, bricks, new Dictionary<NpuTensor, int>(), steps);
        long[] live = new MemoryPlanner(uses, ops, bricks).LiveBytes(Counts, steps);
        List<SegmentChoice> choices = [];
        int step = 0;
        for (int i = 0; i < lowered.Length; i++)
        {
            StripeCosts costs = new(planned[i], target, profiles, blocks, op => WeightSizes.Of(weights.Of(op).Packed));
            SegmentFinder finder = new(lowered[i].Ops, step, uses, live, Counts, bricks, steps, costs, target);
            choices.Add(new(lowered[i].Ops.Count, finder.Find(cancellation)));
            step += lowered[i].Steps;
        }
        return [.. choices];
    }

    private (List<(Node Node, int Step)> Cpu, List<(NpuOp Op, int Step)> Ops, int Steps) Steps()
    {
        List<(Node, int)> cpu = [];
        List<(NpuOp, int)> ops = [];
        int step = 0;
        foreach (LoweredRun run in lowered)
            if (run.Cpu is { } node)
                cpu.Add((node, step++));
            else
                foreach (NpuOp op in run.Ops)
                    ops.Add((op, step++));
        return (cpu, ops, step);
    }

    /// <summary>The schedule of a choice of segments.</summary>
    private MemorySchedule Make(ImmutableArray<ImmutableArray<Segment>> chosen)
    {
        cancellation.ThrowIfCancellationRequested();
        ScheduleExpansion expansion = new(target, weights, blocks);
        for (int i = 0; i < lowered.Length; i++)
            expansion.Add(lowered[i], planned[i], chosen[i]);
        TensorUses uses = new(graph, expansion.Cpu, expansion.Ops.Select(static op => (op.Op, op.Step)), bricks, expansion.Rolling,
            expansion.Steps);
        foreach (WeightBuffer buffer in expansion.Buffers)
            uses.Keep(buffer.Tensor, buffer.Range);
        (NpuOp Op, int Step)[] ops = [.. expansion.Ops.Select(static op => (op.Op, op.Step))];
        List<WeightBuffer> further = [];
        long total = 1;
        if (WeightBuffers.ArePossible(target))
        {
            WeightBuffers finder = new(profiles, weights, target);
            HashSet<int> taken = [.. expansion.Buffers.SelectMany(static buffer => buffer.Users)];
            foreach (ScheduledRun run in expansion.Runs)
            {
                further.AddRange(finder.Find(run.Ops, taken));
                total += finder.TotalCycles;
            }
        }
        MemoryPlan memory = new MemoryPlanner(uses, ops, bricks).Plan(target.IsSpilling ? target.ArenaCacheSize : null, further, total,
            options.OptimiseFor == CompileGoal.Size ? 0 : target.ArenaCacheSize, cancellation);
        ImmutableArray<WeightBuffer> buffers =
            [.. expansion.Buffers, .. further.Where(buffer => memory.Places.ContainsKey(buffer.Tensor))];
        return new(expansion.WithBlocksFor(buffers), expansion.Steps, expansion.Rolling, buffers, memory);
    }
}
