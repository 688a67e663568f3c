using EthosU.Npu.Architectures;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>What the stripes of a run's operations cost.</summary>
/// <param name="ops">The operations with the blocks that they have when they are done by themselves.</param>
/// <param name="target">What is compiled for.</param>
/// <param name="profiles">What their time depends on.</param>
/// <param name="blocks">Chooses the blocks of stripes.</param>
/// <param name="sizeOf">Size of an operation's weights.</param>
internal sealed class StripeCosts(IReadOnlyList<PlannedOp> ops, Target target, PlanProfiles profiles, BlockPlanner blocks,
    Func<PlannedOp, WeightSizes> sizeOf)
{
    /// <summary>
    /// Cycles that a stripe is charged beside the estimate, which takes starting a kernel for free: many tiny ones are not worth it.
    /// </summary>
    public const long Start = 64;

    private readonly IKernelCycles kernels = NpuArchitecture.Of(target.Accelerator).Cycles;
    private readonly Dictionary<(int Op, int Rows, int InputRows, MemoryKind Weights), OperationCost> found = [];

    /// <summary>Bytes of an operation's weights and scales.</summary>
    public long WeightBytes(int op) => ops[op].Op.HasWeights ? sizeOf(ops[op]).Total : 0;

    /// <summary>What a stripe costs.</summary>
    /// <param name="stripe">The stripe.</param>
    /// <param name="weights">Where its weights are read.</param>
    public OperationCost Of(Stripe stripe, MemoryKind weights)
    {
        NpuOp op = ops[stripe.Op].Op;
        (int start, int end) = StripeRules.Rows(op, op.Ifm, stripe.Start, stripe.End);
        var key = (stripe.Op, stripe.End - stripe.Start, end - start, weights);
        if (!found.TryGetValue(key, out OperationCost cost))
            found.Add(key, cost = Estimate(StripeRules.Slice(op, stripe.Start, stripe.End), ops[stripe.Op], weights));
        return stripe.Start == 0 && stripe.End == op.Ofm.Height ? cost : cost with { Cycles = cost.Cycles + Start };
    }

    /// <summary>What an operation by itself costs.</summary>
    public OperationCost Of(int op, MemoryKind weights) => Of(new Stripe(op, 0, ops[op].Op.Ofm.Height), weights);

    private OperationCost Estimate(NpuOp slice, PlannedOp whole, MemoryKind weights)
    {
        if (slice.Kind == NpuOpKind.Dma)
            return new(profiles.CyclesOfCopy(slice), 0, 0);
        WeightSizes size = slice.HasWeights ? sizeOf(whole) : default;
        PlannedOp planned = blocks.Plan(slice, 0, size, weights, whole.Block.Depth);
        return OperationCost.Of(profiles.Of(slice, planned.Traversal, planned.Block, size, weights), target, kernels);
    }
}
