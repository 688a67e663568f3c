using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Emission;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Rewrites;
using EthosU.Npu.Scheduling;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Compilation;

/// <summary>The way of a model through the compiler: rewriting, placement, schedule, commands, the compiled graph.</summary>
internal sealed class Compiler
{
    private const int MaxStreamBytes = 1 << 24;

    private readonly CompileOptions options;
    private readonly IProgress<CompileProgress>? progress;
    private readonly CancellationToken cancellation;
    private readonly Target target;
    private readonly Graph model, graph;
    private readonly IReadOnlyDictionary<Node, Node> absorbed;

    public Compiler(Graph model, CompileOptions options, IProgress<CompileProgress>? progress, CancellationToken cancellation)
    {
        ModelChecks.Refuse(model);
        this.model = model;
        this.options = options;
        this.progress = progress;
        this.cancellation = cancellation;
        target = options.Target;
        (graph, absorbed) = ModelRewrites.Apply(model, options.KeepOnCpu, options.Passes);
    }

    public CompileResult Run()
    {
        progress?.Report(new("placing operators", 0));
        PlacementDecision placement = PlacementDecision.For(graph, options);
        options.Passes?.Show("placement", () => ScheduleListing.Placement(graph, placement.IsOnNpu));
        Schedule schedule = new Scheduler(graph, options, (stage, done) => progress?.Report(new(stage, done)), cancellation)
            .Make(placement.IsOnNpu);
        options.Passes?.Show("schedule", () => ScheduleListing.Write(schedule));
        progress?.Report(new("generating commands", 0.9));
        ImmutableArray<EmittedRun> runs = Emit(schedule);
        Graph compiled = new CompiledGraph(schedule, runs).Build();
        progress?.Report(new("done", 1));
        return Result(compiled, placement, schedule, runs);
    }

    public IReadOnlyList<FrontierPoint> FindFrontier()
    {
        PlacementDecision placement = PlacementDecision.For(graph, options);
        return new Scheduler(graph, options, static (_, _) => { }, cancellation).MakeFrontier(placement.IsOnNpu);
    }

    private ImmutableArray<EmittedRun> Emit(Schedule schedule)
    {
        CommandGenerator generator = new(schedule);
        var runs = ImmutableArray.CreateBuilder<EmittedRun>(schedule.Runs.Length);
        foreach (ScheduledRun run in schedule.Runs)
        {
            cancellation.ThrowIfCancellationRequested();
            ImmutableArray<StreamOperation> stream = generator.Generate(run.Ops);
            byte[] payload = generator.Encode(stream);
            if (payload.Length >= MaxStreamBytes)
                throw ModelChecks
                    .Refusal($"The command stream of a part of the model has {payload.Length} bytes; the NPU takes less than "
                        + $"{MaxStreamBytes}.", Longest(run));
            runs.Add(new(run.Part, run.Ops, stream, payload));
        }
        return runs.ToImmutable();
    }

    private CompileResult Result(Graph compiled, PlacementDecision placement, Schedule schedule, ImmutableArray<EmittedRun> runs)
    {
        MemoryPlan memory = schedule.Memory;
        Dictionary<Node, int> numberOf = [];
        foreach (EmittedRun run in runs)
            foreach (Node node in run.Part.Nodes)
                numberOf.Add(node, run.Part.Number);
        MemoryFigures figures =
            new(memory.ArenaSize, memory.FastSize, schedule.Constants.Size, runs.Sum(static run => (long)run.Payload.Length),
            memory.LargestStep)
        {
            SramBytes = (target.ArenaMemory == MemoryKind.Sram ? memory.ArenaSize : 0) + memory.FastSize,
        };
        CompiledOperation[] described = [.. runs.SelectMany(Describe)];
        return new(compiled, [.. placement.Findings, .. MemoryLimit.Findings(schedule)],
            [.. model.Nodes.Select(node => new NodePlacement(
                node.Name, node.Operator.Name, numberOf.TryGetValue(absorbed.GetValueOrDefault(node, node), out int number) ? number
                    : null, node.Source))],
            [.. described], figures, new(target, [.. described.Select(static operation => operation.Estimate)]))
        {
            Tensors = memory.Tensors,
            StepCount = schedule.StepCount,
        };
    }

    /// <summary>The node that takes the most operations.</summary>
    private static Node Longest(ScheduledRun run) => run.Ops.GroupBy(op => op.Op.Node).MaxBy(group => group.Count())!.Key;

    /// <summary>The operations of a run with their costs; slices of an operation's depth are one.</summary>
    private IEnumerable<CompiledOperation> Describe(EmittedRun run)
    {
        NpuArchitecture architecture = NpuArchitecture.Of(target.Accelerator);
        IEnumerator<PlannedOp> kernels = run.Ops.Where(static planned => planned.Op.Kind != NpuOpKind.Dma).GetEnumerator();
        ImmutableArray<TimedOperation> timed = StreamProfiles.Of(run.Stream, target, architecture.Blocks);
        NetworkEstimate estimate = new NetworkEstimator(target, architecture.Cycles).EstimateBeside(timed);
        for (int i = 0; i < timed.Length; i++)
        {
            kernels.MoveNext();
            NpuOp op = kernels.Current.Op;
            for (int more = timed[i].Commands.OfType<KernelOperation>().Count(); more > 1; more--)
                kernels.MoveNext();
            yield return new(run.Part.Number, op.Node.Name, op.Node.Operator.Name,
                op.Kind == NpuOpKind.Elementwise ? op.Function.ToString() : op.Kind.ToString(), op.ToString(), op.Node.Source,
                estimate.Operations[i]);
        }
    }
}
