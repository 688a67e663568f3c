using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Lowering;
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
        Accelerator accelerator = target.Accelerator;
        Node[] order = NodeOrder.Find(graph, onNpu);
        progress("lowering operators", 0.05);
        (ImmutableArray<ScheduledRun> runs, List<(Node Node, int Step)> cpu, int steps) = Lower(order, NpuRun.Split(graph, order, onNpu));
        PlannedOp[] planned = [.. runs.SelectMany(static run => run.Ops)];

        progress("encoding weights", 0.1);
        ReadOnlyArea constants = new();
        WeightStore weights =
            new(accelerator, planned, constants, share => progress("encoding weights", 0.1 + (0.7 * share)), cancellation);
        Dictionary<NpuTensor, (int Region, long Address)> places = [];
        foreach (FeatureMap map in planned.SelectMany(static op => op.Op.Reads))
            if (map.Tensor.Role == NpuTensorRole.Constant && !places.ContainsKey(map.Tensor))
                places.Add(map.Tensor, (MemoryRegions.ReadOnly, constants.Add(map.Tensor.Data)));

        progress("planning memory", 0.8);
        HashSet<NpuTensor> bricks = TensorLayouts.FindBricks(planned.Select(static op => op.Op), accelerator.SumsBricks);
        ImmutableArray<WeightBuffer> buffers =
            WeightBuffers.Find(runs.Select(static run => run.Ops), bricks, weights, target, cancellation);
        MemoryPlan memory = new MemoryPlanner(graph, cpu, planned, bricks, steps).Plan(
            target.IsSpilling ? target.ArenaCacheSize : null, buffers, options.OptimiseFor == CompileGoal.Size ? 0
                : target.ArenaCacheSize, cancellation);
        foreach ((NpuTensor tensor, (int, long) place) in memory.Places)
            places.Add(tensor, place);
        foreach ((Tensor tensor, NpuTensor storage) in shared)
            if (memory.Offsets.TryGetValue(tensor, out long offset))
                places.TryAdd(storage, (MemoryRegions.Arena, offset));
        runs = [.. runs.Select(run => TableSlots.Assign(accelerator, run, constants))];
        if (Math.Max(Math.Max(memory.ArenaSize, memory.FastSize), constants.Size) > int.MaxValue)
            throw ModelChecks.Refusal("Feature maps or constants need more than 2 GiB.");
        return new()
        {
            Graph = graph,
            Target = target,
            Order = [.. order],
            Runs = runs,
            StepCount = steps,
            Bricks = bricks,
            Constants = constants,
            Weights = weights,
            Buffers = buffers,
            Memory = memory,
            Places = places,
        };
    }

    /// <summary>The operations of all nodes with their blocks; every operation and every node on the CPU takes a step.</summary>
    private (ImmutableArray<ScheduledRun> Runs, List<(Node Node, int Step)> Cpu, int Steps) Lower(Node[] order, List<NpuRun> parts)
    {
        LoweringTraits traits = new(target.Accelerator.KeepsTables);
        BlockPlanner blocks = new(target.Accelerator);
        Dictionary<Node, NpuRun> partOf = [];
        foreach (NpuRun part in parts)
            foreach (Node node in part.Nodes)
                partOf.Add(node, part);
        var runs = ImmutableArray.CreateBuilder<ScheduledRun>(parts.Count);
        List<(Node Node, int Step)> cpu = [];
        int step = 0;
        foreach (Node node in order)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!partOf.TryGetValue(node, out NpuRun? part))
                cpu.Add((node, step++));
            else if (part.Nodes[0] == node)
                runs.Add(new(part, [.. part.Lower(graph, shared, traits, cancellation).Select(op => blocks.Plan(op, step++))]));
        }
        return (runs.ToImmutable(), cpu, step);
    }
}
