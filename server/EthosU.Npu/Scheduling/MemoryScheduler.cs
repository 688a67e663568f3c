using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Decides what shares the memory: which operations run as cascades, which weights are copied to fast memory and when, and where
/// everything lies.
/// </summary>
internal sealed class MemoryScheduler
{
    /// <summary>A schedule that takes 10 % more memory must save about 2.5 % of the cycles.</summary>
    private const double PriceOfMemory = 0.25;

    /// <summary>The same where a limit says how much memory may be used: then it is there to be used.</summary>
    private const double PriceWithinLimit = 0.02;

    /// <summary>How many times the fewest cycles may be spent to save memory.</summary>
    private const double MostLoss = 1.25;

    /// <summary>How much more memory than cascades need is tried for copies of weights.</summary>
    private static readonly double[] Growths = [1, 1.3, 1.7, 2.2, 3, 5, 8];

    /// <summary>How many drafts are made final before it is given up to find one that fits.</summary>
    private const int MostDrafts = 5;

    /// <summary>From one limit for cascades to the next that is tried.</summary>
    private const double StepOfMemory = 1.15;

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
    private readonly IKernelCycles kernels;

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
        kernels = NpuArchitecture.Of(target.Accelerator).Cycles;
    }

    /// <summary>The best schedule for the goal.</summary>
    public MemorySchedule Find()
    {
        MemorySchedule whole = Make(Whole(), 0);
        if (lowered.All(static run => run.Cpu is not null))
            return whole;
        SegmentChoice[] choices = Choices();
        long limit = target.ArenaCacheSize;
        IEnumerable<MemorySchedule> drafts = options.OptimiseFor switch
        {
            CompileGoal.Size => [],
            CompileGoal.Balanced => Knee([.. Pareto(choices, whole).Where(candidate => Size(candidate) <= limit)]),
            _ => Fastest(choices, whole, limit),
        };
        // A draft guesses a little; what it becomes may be a little too large.
        foreach (MemorySchedule draft in drafts.Take(MostDrafts))
            if (Make(draft.Segments, draft.Budget, isDraft: false) is var final && Size(final) <= limit)
                return final;
        MemorySchedule smallest = Smallest(choices, whole);
        // What does not fit into the fast memory lies in the arena.
        return target.IsSpilling && Size(smallest) > limit ? Make(smallest.Segments, 0, isDraft: false, spills: true) : smallest;
    }

    /// <summary>The schedules of which no other one takes both less memory and fewer cycles, the smallest first.</summary>
    public IReadOnlyList<MemorySchedule> FindFrontier()
    {
        MemorySchedule whole = Make(Whole(), 0);
        return lowered.All(static run => run.Cpu is not null) ? [whole] : Pareto(Choices(), whole);
    }

    private List<MemorySchedule> Pareto(SegmentChoice[] choices, MemorySchedule whole)
    {
        List<MemorySchedule> all = [Smallest(choices, whole)];
        foreach (Cut cut in Cuts(choices, whole))
            all.AddRange(Grow(cut));
        List<MemorySchedule> best = [];
        foreach (MemorySchedule candidate in all.OrderBy(Size).ThenBy(static candidate => candidate.Cycles))
            if (best.Count == 0 || candidate.Cycles < best[^1].Cycles)
                best.Add(candidate);
        return best;
    }

    /// <summary>
    /// Where the curve of memory against cycles bends: farthest from the line between its ends, both counted in ratios; the others follow.
    /// </summary>
    private IEnumerable<MemorySchedule> Knee(MemorySchedule[] curve)
    {
        if (curve.Length < 3)
            return curve;
        (double X, double Y) Of(MemorySchedule schedule) =>
            (Math.Log(Math.Max(1, Size(schedule))), Math.Log(Math.Max(1, schedule.Cycles)));
        (double X, double Y) first = Of(curve[0]), last = Of(curve[^1]);
        return curve.OrderBy(schedule =>
            ((Of(schedule).Y - first.Y) * (last.X - first.X)) - ((Of(schedule).X - first.X) * (last.Y - first.Y)));
    }

    /// <summary>
    /// The schedule with the fewest cycles, where memory counts a little. The candidates are the same whatever the limit, and those that
    /// are much slower than the fastest within it are left out, so that a larger one never leads to more cycles nor a smaller one to more
    /// memory. The next best ones follow.
    /// </summary>
    private IEnumerable<MemorySchedule> Fastest(SegmentChoice[] choices, MemorySchedule whole, long limit)
    {
        List<MemorySchedule> fitting = [];
        double most = double.PositiveInfinity;
        foreach (Cut cut in Cuts(choices, whole).OrderBy(static cut => cut.Cycles).ThenBy(static cut => cut.Memory))
        {
            if (cut.Cycles > most)
                break;
            foreach (MemorySchedule candidate in Grow(cut).Where(candidate => Size(candidate) <= limit))
            {
                fitting.Add(candidate);
                most = Math.Min(most, candidate.Cycles * MostLoss);
            }
        }
        return fitting.Where(candidate => candidate.Cycles <= most).OrderBy(candidate => candidate.Cycles * Price(Size(candidate)));
    }

    /// <summary>Schedules of a cut with more and more memory for copies of weights, as long as they use it.</summary>
    private IEnumerable<MemorySchedule> Grow(Cut cut)
    {
        foreach (double growth in Growths)
        {
            MemorySchedule candidate = Make(cut.Segments, (long)(cut.Memory * growth));
            yield return candidate;
            if (!candidate.IsLimited)
                yield break;
        }
    }

    /// <summary>The ways to cut the operations into cascades that are tried.</summary>
    private List<Cut> Cuts(SegmentChoice[] choices, MemorySchedule whole)
    {
        List<Cut> cuts = [];
        long most = Math.Max(1, Size(whole));
        for (long memory = Math.Max(1, Least(choices)); ; memory = Math.Min(most, Math.Max(memory + 1, (long)(memory * StepOfMemory))))
        {
            ImmutableArray<ImmutableArray<Segment>> segments = [.. choices.Select(choice => choice.Fastest(memory) ?? choice.Alone())];
            if (cuts.Count > 0 && segments.Zip(cuts[^1].Segments).All(static pair => pair.First.SequenceEqual(pair.Second)))
                cuts.RemoveAt(cuts.Count - 1); // the same with more room for copies
            double cycles = segments.Sum(static run => run.Sum(static segment => (double)segment.Cycles));
            cuts.Add(new(memory, cycles, segments));
            if (memory >= most)
                return cuts;
        }
    }

    private static long Least(SegmentChoice[] choices) => choices.Max(static choice => choice.LeastMemory());

    /// <summary>The schedule that takes the least memory, of these the fastest.</summary>
    private MemorySchedule Smallest(SegmentChoice[] choices, MemorySchedule whole)
    {
        long least = Least(choices);
        List<MemorySchedule> drafts = [whole];
        // Where the pieces do not fit together without gaps, another choice may; results in the place of operands need less than is known.
        for (long memory = least; memory <= least * 1.1; memory += Math.Max(16, least / 50))
            drafts.Add(Make([.. choices.Select(choice => choice.Fastest(memory) ?? choice.Alone())], memory));
        drafts.AddRange(Cuts(choices, whole).Select(cut => Make(cut.Segments, 0)));
        return drafts.OrderBy(Size).ThenBy(static draft => draft.Cycles).Take(MostDrafts)
            .Select(draft => Make(draft.Segments, draft.Budget, isDraft: false)).OrderBy(Size).ThenBy(static final => final.Cycles).First();
    }

    private double Price(long memory) => Math.Pow(Math.Max(1, memory),
        target.ArenaCacheSize < target.Accelerator.AddressLimit ? PriceWithinLimit : PriceOfMemory);

    private long Size(MemorySchedule schedule) => target.IsSpilling ? schedule.Memory.FastSize : schedule.Memory.ArenaSize;

    private ImmutableArray<ImmutableArray<Segment>> Whole() => [.. lowered.Select(static run =>
        ImmutableArray.CreateRange(Enumerable.Range(0, run.Ops.Count).Select(static i => new Segment(i, i, 0, 0, 0, 0, []))))];

    /// <summary>Which pieces lie in the memory that is scarce.</summary>
    private bool Counts(object key) => !target.IsSpilling || key is NpuTensor { Role: NpuTensorRole.Internal };

    private SegmentChoice[] Choices()
    {
        (ScheduleExpansion expansion, TensorUses uses, MemoryPlanner planner) = Expand(Whole(), new Dictionary<(int, int), int>());
        long[] live = planner.LiveBytes(Counts, expansion.Steps);
        List<SegmentChoice> choices = [];
        int step = 0;
        for (int i = 0; i < lowered.Length; i++)
        {
            StripeCosts costs = new(planned[i], target, profiles, blocks, weights.SizesOf);
            SegmentFinder finder = new(lowered[i], step, uses, live, Counts, bricks, expansion.Steps, costs, target);
            choices.Add(new(lowered[i].Ops.Count, finder.Find(cancellation)));
            step += lowered[i].Steps;
        }
        return [.. choices];
    }

    /// <summary>Operations and stripes of a choice of segments, who needs which memory when, and what takes the place of what.</summary>
    private (ScheduleExpansion Expansion, TensorUses Uses, MemoryPlanner Planner) Expand(
        ImmutableArray<ImmutableArray<Segment>> chosen, IReadOnlyDictionary<(int Run, int Op), int> cuts)
    {
        ScheduleExpansion expansion = new(target, weights, blocks, cuts);
        for (int i = 0; i < lowered.Length; i++)
            expansion.Add(i, lowered[i], planned[i], chosen[i]);
        (NpuOp Op, int Step)[] ops = [.. expansion.Ops.Select(static op => (op.Op, op.Step))];
        TensorUses uses = new(graph, expansion.Cpu, ops, bricks, expansion.Rolling, expansion.Steps);
        return (expansion, uses, new(uses, ops, bricks) { VisibleAlignment = options.CpuTensorAlignment });
    }

    /// <summary>The schedule of a choice of segments.</summary>
    /// <param name="chosen">How the operations of each part are cut.</param>
    /// <param name="budget">Memory that copies of weights may fill.</param>
    /// <param name="isDraft">True to find out quickly about how good it is.</param>
    /// <param name="spills">True to keep to the limit of the fast memory by leaving tensors in the arena.</param>
    private MemorySchedule Make(ImmutableArray<ImmutableArray<Segment>> chosen, long budget, bool isDraft = true,
        bool spills = false)
    {
        Dictionary<(int Run, int Op), int> cuts = [];
        Draft draft = Plan(chosen, cuts, budget, isDraft, spills);
        if (draft.Cuts.Count == 0)
            return draft.Schedule;
        foreach ((int step, int cut) in draft.Cuts)
            cuts.Add(draft.Expansion.OriginOf(step), cut);
        return Plan(chosen, cuts, budget, isDraft, spills).Schedule;
    }

    private Draft Plan(ImmutableArray<ImmutableArray<Segment>> chosen, IReadOnlyDictionary<(int Run, int Op), int> cuts, long budget,
        bool isDraft, bool spills)
    {
        cancellation.ThrowIfCancellationRequested();
        (ScheduleExpansion expansion, TensorUses uses, MemoryPlanner planner) = Expand(chosen, cuts);
        if (!isDraft)
            weights.Encode(expansion.Ops);
        List<WeightBuffer> buffers = [];
        Dictionary<int, int> found = [];
        long total = 0;
        bool isLimited = false;
        if (WeightBuffers.ArePossible(target))
        {
            long[] live = planner.LiveBytes(Counts, expansion.Steps);
            FreeMemory room = new(Math.Max(budget, live.Max()), live);
            WeightBuffers finder = new(profiles, blocks, weights, target);
            foreach (ScheduledRun run in expansion.Runs.Where(static run => !run.Ops.IsEmpty))
            {
                (IReadOnlyList<WeightBuffer> own, IReadOnlyDictionary<int, int> cutAt) = finder.Find(run.Ops,
                    [.. expansion.Buffers.Where(buffer => buffer.Users[0] >= run.Ops[0].Step && buffer.Users[0] <= run.Ops[^1].Step)],
                    room);
                buffers.AddRange(own);
                foreach ((int step, int cut) in cutAt)
                    found.Add(step, cut);
                total += finder.TotalCycles + run.Ops.Where(static op => op.Op.Kind == NpuOpKind.Dma)
                    .Sum(op => profiles.CyclesOfCopy(op.Op));
            }
            isLimited = room.WasShort;
            foreach (WeightBuffer buffer in buffers)
                uses.Keep(buffer.Tensor, buffer.Range);
        }
        else
            total = expansion.Ops.Sum(op => op.Op.Kind == NpuOpKind.Dma
                ? profiles.CyclesOfCopy(op.Op) : OperationCost.Of(profiles.Of(op.Op, op.Traversal, op.Block,
                op.Op.HasWeights ? weights.SizesOf(op) : default, target.ConstMemory), target, kernels).Cycles);
        MemoryPlan memory = planner.Plan(
            !target.IsSpilling ? null : spills ? target.ArenaCacheSize : long.MaxValue, isDraft, cancellation);
        // What found no place in fast memory is read where it is stored.
        ImmutableArray<WeightBuffer> placed =
            [.. buffers.Where(buffer => !target.IsSpilling || memory.Places[buffer.Tensor].Region == MemoryRegions.Fast)];
        return new(expansion, found, new(expansion.WithBlocksFor(placed), expansion.Steps, expansion.Rolling, placed, memory,
            total - placed.Sum(static buffer => buffer.Saved)
            + (StripeCosts.Start * expansion.Ops.Count(static op => op.IsStripe)))
        {
            Segments = chosen,
            Budget = budget,
            IsLimited = isLimited,
        });
    }

    /// <summary>A way to cut operations into cascades.</summary>
    /// <param name="Memory">The limit that it is made for.</param>
    /// <param name="Cycles">No schedule of it takes fewer.</param>
    /// <param name="Segments">The segments of each part.</param>
    private sealed record Cut(long Memory, double Cycles, ImmutableArray<ImmutableArray<Segment>> Segments);

    private sealed record Draft(ScheduleExpansion Expansion, IReadOnlyDictionary<int, int> Cuts, MemorySchedule Schedule);
}
