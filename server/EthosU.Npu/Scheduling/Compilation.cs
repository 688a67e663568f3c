using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Lowering;
using EthosU.Npu.Memory;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>One run of the compiler: placement, lowering, blocks, weights, memory, commands, in this order.</summary>
internal sealed class Compilation
{
    private const int MaxStreamBytes = 1 << 24;

    private readonly CompileOptions options;
    private readonly IProgress<CompileProgress>? progress;
    private readonly CancellationToken cancellation;
    private readonly Target target;
    private readonly Accelerator accelerator;
    private readonly Graph model, graph;
    private readonly IReadOnlyDictionary<Node, Node> absorbed;

    public Compilation(Graph model, CompileOptions options, IProgress<CompileProgress>? progress, CancellationToken cancellation)
    {
        ModelChecks.Refuse(model);
        this.model = model;
        this.options = options;
        this.progress = progress;
        this.cancellation = cancellation;
        target = options.Target;
        accelerator = target.Accelerator;
        (graph, absorbed) = ModelRewrites.Apply(model);
    }

    public CompileResult Run()
    {
        progress?.Report(new("placing operators", 0));
        PlacementDecision placement = PlacementDecision.For(graph, options);
        Node[] order = NodeOrder.Find(graph, placement.IsOnNpu);
        List<NpuRun> runs = NpuRun.Split(graph, order, placement.IsOnNpu);

        progress?.Report(new("lowering operators", 0.05));
        Dictionary<Tensor, NpuTensor> shared = [];
        LoweringTraits traits = new(accelerator.ReservedEndBanks > 0);
        BlockPlanner blocks = new(accelerator);
        List<(Node Node, int Step)> cpu = [];
        List<PlannedOp> planned = [];
        int step = 0;
        Dictionary<Node, NpuRun> runOf = [];
        foreach (NpuRun run in runs)
            foreach (Node node in run.Nodes)
                runOf.Add(node, run);
        foreach (Node node in order)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!runOf.TryGetValue(node, out NpuRun? run))
                cpu.Add((node, step++));
            else if (run.Nodes[0] == node)
            {
                foreach (NpuOp op in run.Lower(graph, shared, traits, cancellation))
                    run.Ops.Add(blocks.Plan(op, step++));
                planned.AddRange(run.Ops);
            }
        }

        progress?.Report(new("encoding weights", 0.1));
        ReadOnlyArea constants = new();
        WeightStore weights = new(accelerator, planned, constants, share => progress?.Report(new("encoding weights", 0.1 + (0.7 * share))), cancellation);
        Dictionary<NpuTensor, (int Region, long Address)> places = [];
        foreach (FeatureMap map in planned.SelectMany(op => op.Op.Reads))
            if (map.Tensor.Role == NpuTensorRole.Constant && !places.ContainsKey(map.Tensor))
                places.Add(map.Tensor, (MemoryMap.ReadOnlyRegion, constants.Add(map.Tensor.Data)));

        progress?.Report(new("planning memory", 0.8));
        HashSet<NpuTensor> bricks = TensorLayouts.FindBricks(planned.Select(op => op.Op), sumsNeedLinear: accelerator.Cores > 1);
        ImmutableArray<WeightBuffer> buffers = WeightBuffers.Find(
            runs.Select(run => run.Ops), WeightBuffers.Provisional(planned, bricks, target), constants, weights, target, cancellation);
        MemoryPlan memory = new MemoryPlanner(graph, cpu, planned, bricks, step).Plan(
            target.IsSpilling ? target.ArenaCacheSize : null, buffers, options.OptimiseFor == CompileGoal.Size ? 0 : target.ArenaCacheSize, cancellation);
        foreach ((NpuTensor tensor, (int, long) place) in memory.Places)
            places.Add(tensor, place);
        foreach ((Tensor tensor, NpuTensor storage) in shared)
            if (memory.Offsets.TryGetValue(tensor, out long offset))
                places.TryAdd(storage, (MemoryMap.ArenaRegion, offset));

        if (Math.Max(Math.Max(memory.ArenaSize, memory.FastSize), constants.Size) > int.MaxValue)
            throw ModelChecks.Refusal("Feature maps or constants need more than 2 GiB.");

        progress?.Report(new("generating commands", 0.9));
        CommandGenerator generator = new(accelerator, new(places, bricks), constants, weights.Of, buffers);
        foreach (NpuRun run in runs)
        {
            cancellation.ThrowIfCancellationRequested();
            run.Stream = generator.Generate(run.Ops);
            run.Payload = generator.Encode(run.Stream);
            if (run.Payload.Length >= MaxStreamBytes)
                throw ModelChecks.Refusal($"The command stream of a part of the model has {run.Payload.Length} bytes; the NPU takes less than {MaxStreamBytes}.", Longest(run));
        }
        CompiledGraph compiled = new(graph, order, runs, memory, constants.ToArray(), target.IsSpilling);
        progress?.Report(new("done", 1));
        return Result(compiled.Build(), placement, runs, runOf, memory, constants) with { Tensors = memory.Tensors, StepCount = step };
    }

    private CompileResult Result(Graph compiledGraph, PlacementDecision placement, List<NpuRun> runs, Dictionary<Node, NpuRun> runOf, MemoryPlan memory, ReadOnlyArea constants)
    {
        ImmutableArray<CompiledOperation> operations = [.. runs.SelectMany(Describe)];
        MemoryFigures figures = new(memory.ArenaSize, memory.FastSize, constants.Size, runs.Sum(run => (long)run.Payload.Length), memory.LargestStep)
        {
            SramBytes = (target.ArenaMemory == MemoryKind.Sram ? memory.ArenaSize : 0) + memory.FastSize,
        };
        return new(compiledGraph, [.. placement.Findings, .. ModelChecks.MemoryFindings(target, memory.ArenaSize)],
            [.. model.Nodes.Select(node => new NodePlacement(node.Name, node.Operator.Name, runOf.TryGetValue(absorbed.GetValueOrDefault(node, node), out NpuRun? run) ? run.Number : null, node.Source))],
            operations, figures, new(target, [.. runs.SelectMany(run => PerformanceEstimator.Estimate(run.Stream, target).Operations)]));
    }

    /// <summary>The node that takes the most operations.</summary>
    private static Node Longest(NpuRun run) => run.Ops.GroupBy(op => op.Op.Node).MaxBy(group => group.Count())!.Key;

    /// <summary>The operations of a run with their costs; transfers belong to the operation that follows.</summary>
    private IEnumerable<CompiledOperation> Describe(NpuRun run)
    {
        int next = 0;
        long slack = 0;
        foreach (PlannedOp planned in run.Ops.Where(planned => planned.Op.Kind != NpuOpKind.Dma))
        {
            int start = next;
            while (run.Stream[next++] is not KernelOperation)
            {
            }
            NpuOp op = planned.Op;
            (OperationEstimate estimate, slack) = NetworkEstimator.EstimateOne(StreamProfiles.Of(run.Stream[start..next], target)[0], slack, target);
            yield return new(run.Number, op.Node.Name, op.Node.Operator.Name,
                op.Kind == NpuOpKind.Elementwise ? op.Function.ToString() : op.Kind.ToString(), op.ToString(), op.Node.Source, estimate);
        }
    }
}
