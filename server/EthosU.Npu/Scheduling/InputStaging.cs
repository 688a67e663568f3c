using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Copies what a part reads from outside to fast memory first, where reading it in place costs more: in slow memory short rows of
/// channels waste most of each burst, and what windows overlap is read again (npu-scheduling 3.9).
/// </summary>
/// <param name="target">What is compiled for.</param>
/// <param name="profiles">What the time of operations depends on.</param>
/// <param name="blocks">Chooses blocks.</param>
internal sealed class InputStaging(Target target, PlanProfiles profiles, BlockPlanner blocks)
{
    /// <summary>A copy has to save this share of the cycles at least, for it takes memory.</summary>
    private const double LeastGain = 0.05;

    private readonly IKernelCycles kernels = NpuArchitecture.Of(target.Accelerator).Cycles;

    /// <summary>The part with its copies.</summary>
    public LoweredRun Apply(LoweredRun run)
    {
        if (!target.IsSpilling || run.Cpu is not null)
            return run;
        HashSet<NpuTensor> written = [.. run.Ops.Select(static op => op.Ofm.Tensor)];
        NpuTensor[] candidates = [.. run.Ops.SelectMany(static op => op.Reads).Select(static map => map.Tensor).Distinct()
            .Where(tensor => tensor.Role == NpuTensorRole.Boundary && !written.Contains(tensor))];
        List<NpuOp> ops = [.. run.Ops];
        foreach (NpuTensor tensor in candidates)
            Stage(ops, tensor);
        return ops.Count == run.Ops.Count ? run : new(null, run.Part, ops);
    }

    private void Stage(List<NpuOp> ops, NpuTensor tensor)
    {
        long row = (long)tensor.Width * tensor.Depth * tensor.Type.ByteSize();
        if (row * tensor.Height != tensor.LinearBytes || (row % 16 != 0 && !target.Accelerator.Family.TransfersSingleBytes))
            return;
        int[] readers = [.. Enumerable.Range(0, ops.Count).Where(i => ops[i].Reads.Any(map => map.Tensor == tensor))];
        NpuTensor staged = new(tensor.Name, tensor.Type, tensor.Shape, NpuTensorRole.Internal);
        NpuOp copy = new(NpuOpKind.Dma, Whole(tensor), Whole(staged)) { Node = ops[readers[0]].Node };
        NpuOp[] others = [.. readers.Select(i => Reading(ops[i], tensor, staged))];
        long direct = readers.Sum(i => Cycles(ops[i])),
            through = profiles.CyclesOfCopy(copy) + others.Sum(Cycles);
        if (through > direct * (1 - LeastGain))
            return;
        for (int i = 0; i < readers.Length; i++)
            ops[readers[i]] = others[i];
        ops.Insert(readers[0], copy);
    }

    private static FeatureMap Whole(NpuTensor tensor)
    {
        long column = (long)tensor.Depth * tensor.Type.ByteSize();
        return new(tensor, tensor.Type, tensor.Height, tensor.Width, tensor.Depth, 0, column * tensor.Width, column);
    }

    private static NpuOp Reading(NpuOp op, NpuTensor tensor, NpuTensor other)
    {
        FeatureMap Changed(FeatureMap map) => map.Tensor == tensor ? map with { Tensor = other } : map;
        return op with { Ifm = Changed(op.Ifm), Ifm2 = op.Ifm2 is { } second ? Changed(second) : null };
    }

    private long Cycles(NpuOp op)
    {
        WeightSizes size = op.HasWeights ? WeightSizes.Guess(op.Weights!) : default;
        PlannedOp planned = blocks.Plan(op, 0, size, target.CacheMemory);
        return OperationCost.Of(profiles.Of(op, planned.Traversal, planned.Block, size, target.CacheMemory), target, kernels).Cycles;
    }
}
