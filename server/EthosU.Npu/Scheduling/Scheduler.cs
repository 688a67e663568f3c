using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>Makes the <see cref="Schedule"/> of a model, one decision after the other.</summary>
/// <param name="graph">The model.</param>
/// <param name="options">What to compile for.</param>
/// <param name="progress">Told each stage, and how much of the compilation is done when it starts.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class Scheduler(Graph graph, CompileOptions options, Action<string, double> progress, CancellationToken cancellation)
{
    private readonly Target target = options.Target;
    private readonly Dictionary<Tensor, NpuTensor> shared = [];

    /// <summary>Decides everything.</summary>
    /// <param name="onNpu">Which nodes run on the NPU.</param>
    /// <exception cref="UnsupportedModelException">The model needs more memory than a file can describe.</exception>
    public Schedule Make(Func<Node, bool> onNpu)
    {
        Preparation prepared = Prepare(onNpu);
        progress("planning memory", 0.8);
        MemorySchedule best = prepared.Scheduler.Find();
        (Node[] order, HashSet<NpuTensor> bricks, LoweredRun[] lowered, WeightStore weights, _) = prepared;
        ReadOnlyArea constants = new();
        weights.Place(best.Runs.SelectMany(static run => run.Ops), constants);
        Dictionary<NpuTensor, (int Region, long Address)> places = [];
        foreach (FeatureMap map in lowered.SelectMany(static run => run.Ops).SelectMany(static op => op.Reads))
            if (map.Tensor.Role == NpuTensorRole.Constant && !places.ContainsKey(map.Tensor))
                places.Add(map.Tensor, (MemoryRegions.ReadOnly, constants.Add(map.Tensor.Data)));

        foreach ((NpuTensor tensor, (int, long) place) in best.Memory.Places)
            places.Add(tensor, place);
        foreach ((Tensor tensor, NpuTensor storage) in shared)
            if (best.Memory.Offsets.TryGetValue(tensor, out long offset))
                places.TryAdd(storage, (MemoryRegions.Arena, offset));
        ImmutableArray<ScheduledRun> runs =
            [.. best.Runs.Select(run => TableSlots.Assign(target.Accelerator, run, constants))];
        if (Math.Max(Math.Max(best.Memory.ArenaSize, best.Memory.FastSize), constants.Size) > int.MaxValue)
            throw ModelChecks.Refusal("Feature maps or constants need more than 2 GiB.");
        return new()
        {
            Graph = graph,
            Target = target,
            Order = [.. order],
            Runs = runs,
            StepCount = best.StepCount,
            Bricks = bricks,
            Rolling = best.Rolling,
            Constants = constants,
            Weights = weights,
            Buffers = best.Buffers,
            Memory = best.Memory,
            Places = places,
        };
    }

    /// <summary>Memory and cycles of the schedules of which none is better in both.</summary>
    public IReadOnlyList<FrontierPoint> MakeFrontier(Func<Node, bool> onNpu) => [.. Prepare(onNpu).Scheduler.FindFrontier()
        .Select(schedule => new FrontierPoint(target.IsSpilling ? schedule.Memory.FastSize : schedule.Memory.ArenaSize, schedule.Cycles))];

    /// <summary>Operations, layouts, blocks and encoded weights.</summary>
    private Preparation Prepare(Func<Node, bool> onNpu)
    {
        Node[] order = NodeOrder.Find(graph, onNpu);
        progress("lowering operators", 0.05);
        LoweredRun[] lowered = Lower(order, NpuRun.Split(graph, order, onNpu));
        HashSet<NpuTensor> bricks = TensorLayouts.FindBricks(lowered.SelectMany(static run => run.Ops), target.Accelerator.SumsBricks);
        PlanProfiles profiles = new(target, bricks, ExpectedMemory);
        BlockPlanner blocks = new(target, profiles);
        InputStaging staging = new(target, profiles, blocks);
        lowered = [.. lowered.Select(staging.Apply)];
        PlannedOp[][] planned = [.. lowered.Select(run => PlanBlocks(run.Ops, blocks))];
        progress("encoding weights", 0.1);
        WeightStore weights = new(target.Accelerator, cancellation);
        weights.Encode(planned.SelectMany(static ops => ops), share => progress("encoding weights", 0.1 + (0.7 * share)));
        return new(order, bricks, lowered, weights, new(graph, options, lowered, planned, bricks, profiles, blocks, weights, cancellation));
    }

    private LoweredRun[] Lower(Node[] order, List<NpuRun> parts)
    {
        Dictionary<Node, NpuRun> partOf = [];
        foreach (NpuRun part in parts)
            foreach (Node node in part.Nodes)
                partOf.Add(node, part);
        List<LoweredRun> runs = [];
        foreach (Node node in order)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!partOf.TryGetValue(node, out NpuRun? part))
                runs.Add(new(node, null, []));
            else if (part.Nodes[0] == node)
                runs.Add(new(null, part, part.Lower(graph, shared, cancellation)));
        }
        return [.. runs];
    }

    /// <summary>The blocks that are best if weights that gain from it are copied to fast memory.</summary>
    private PlannedOp[] PlanBlocks(IReadOnlyList<NpuOp> ops, BlockPlanner blocks)
    {
        Dictionary<NpuWeights, WeightSizes> guesses = [];
        MemoryKind memory = WeightBuffers.ArePossible(target) ? target.CacheMemory : target.ConstMemory;
        var planned = new PlannedOp[ops.Count];
        for (int i = 0; i < planned.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            WeightSizes size = default;
            if (ops[i] is { HasWeights: true, Weights: { } weights } && !guesses.TryGetValue(weights, out size))
                guesses.Add(weights, size = WeightSizes.Guess(weights));
            planned[i] = blocks.Plan(ops[i], i, size, memory);
        }
        return planned;
    }

    /// <summary>
    /// Where a tensor will lie, as far as it is known before the memory is planned: internal ones in fast memory where there is some.
    /// </summary>
    private MemoryKind ExpectedMemory(NpuTensor tensor) => target.MemoryOf(tensor.Role switch
    {
        NpuTensorRole.Constant => MemoryRegions.ReadOnly,
        NpuTensorRole.Internal => MemoryRegions.Fast,
        _ => MemoryRegions.Arena,
    });

    private sealed record Preparation(
        Node[] Order, HashSet<NpuTensor> Bricks, LoweredRun[] Lowered, WeightStore Weights, MemoryScheduler Scheduler);
}
