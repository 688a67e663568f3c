using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Lowering;
using EthosU.Npu.Memory;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>One run of the compiler: placement, lowering, blocks, weights, memory, commands, in this order.</summary>
internal sealed class Compilation(Graph original, CompileOptions options, IProgress<CompileProgress>? progress, CancellationToken cancellation)
{
    private readonly Target target = options.Target;
    private readonly Accelerator accelerator = options.Target.Accelerator;

    public CompileResult Run()
    {
        ModelChecks.Refuse(original);
        progress?.Report(new("placing operators", 0));
        Placement placement = Placement.Of(original, options);
        Node[] order = NodeOrder.Find(original, placement.IsOnNpu);
        List<NpuRun> runs = NpuRun.Split(original, order, placement.IsOnNpu);

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
                foreach (NpuOp op in run.Lower(original, shared, traits, cancellation))
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
        MemoryPlan memory = new MemoryPlanner(original, cpu, planned, bricks, step).Plan(target.IsSpilling ? target.ArenaCacheSize : null, cancellation);
        foreach ((NpuTensor tensor, (int, long) place) in memory.Places)
            places.Add(tensor, place);
        foreach ((Tensor tensor, NpuTensor storage) in shared)
            if (memory.Offsets.TryGetValue(tensor, out long offset))
                places.TryAdd(storage, (MemoryMap.ArenaRegion, offset));

        progress?.Report(new("generating commands", 0.9));
        CommandGenerator generator = new(accelerator, new(places, bricks), constants, weights.Of);
        foreach (NpuRun run in runs)
        {
            cancellation.ThrowIfCancellationRequested();
            run.Payload = generator.Encode(generator.Generate(run.Ops));
        }
        CompiledGraph compiled = new(original, order, runs, memory, constants.ToArray(), target.IsSpilling);
        progress?.Report(new("done", 1));
        return Result(compiled.Build(), placement, runs, runOf, memory, constants);
    }

    private CompileResult Result(Graph graph, Placement placement, List<NpuRun> runs, Dictionary<Node, NpuRun> runOf, MemoryPlan memory, ReadOnlyArea constants)
    {
        var operations = ImmutableArray.CreateBuilder<CompiledOperation>();
        foreach (NpuRun run in runs)
            foreach (PlannedOp planned in run.Ops)
            {
                NpuOp op = planned.Op;
                operations.Add(new(run.Number, op.Node.Name, op.Node.Operator.Name,
                    op.Kind == NpuOpKind.Elementwise ? op.Function.ToString() : op.Kind.ToString(), op.ToString(), op.Node.Source));
            }
        MemoryFigures figures = new(memory.ArenaSize, memory.FastSize, constants.Size, runs.Sum(run => (long)run.Payload.Length), memory.LargestStep)
        {
            SramBytes = (target.ArenaMemory == MemoryKind.Sram ? memory.ArenaSize : 0) + memory.FastSize,
        };
        return new(graph, placement.Findings,
            [.. original.Nodes.Select(node => new NodePlacement(node.Name, node.Operator.Name, runOf.TryGetValue(node, out NpuRun? run) ? run.Number : null, node.Source))],
            operations.ToImmutable(), figures);
    }
}
