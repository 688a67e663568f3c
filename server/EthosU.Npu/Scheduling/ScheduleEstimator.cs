using EthosU.Npu.Architectures;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>Estimates what a schedule takes; no commands are needed for it.</summary>
internal sealed class ScheduleEstimator
{
    private readonly Schedule schedule;
    private readonly Target target;
    private readonly Dictionary<int, (int Region, long Address)> copies;
    private readonly PlanProfiles profiles;
    private readonly NetworkEstimator estimator;

    public ScheduleEstimator(Schedule schedule)
    {
        this.schedule = schedule;
        target = schedule.Target;
        copies = schedule.CopiesOfWeights();
        profiles = new(target, schedule.Bricks, tensor => target.MemoryOf(schedule.Places[tensor].Region),
            op => schedule.Weights.Of(op).Packed);
        estimator = new(target, NpuArchitecture.Of(target.Accelerator).Cycles);
    }

    /// <summary>The kernels of a run with their costs; copies belong to the kernel that follows.</summary>
    public IEnumerable<(PlannedOp Planned, OperationEstimate Estimate)> Estimate(ScheduledRun run)
    {
        long slack = 0;
        List<MemoryTransfer> transfers = [];
        foreach (PlannedOp planned in run.Ops)
        {
            if (planned.Op.Kind == NpuOpKind.Dma)
            {
                // As in a stream, where a copy of read-only data is taken for one of weights.
                if (schedule.CopyOfTensor(planned.Op) is var (from, to, bytes) && from.Region != MemoryRegions.ReadOnly)
                    transfers.Add(new(target.MemoryOf(from.Region), target.MemoryOf(to.Region), bytes));
                continue;
            }
            if (planned.TableAddress is not null)
                transfers.Add(new(target.ConstMemory, null, planned.Op.Table!.Bytes.Length));
            TimedOperation timed = new(planned.Op.Node.Name, profiles.Of(planned))
            {
                Transfers = [.. transfers],
                IsTableOnly = planned.Op.IsTableOnly,
            };
            if (copies.TryGetValue(planned.Step, out (int Region, long Address) copy))
                timed = timed.WithCopiedWeights(target.ConstMemory, target.MemoryOf(copy.Region),
                    schedule.Weights.Of(planned).Packed.Bytes.Length);
            transfers.Clear();
            (OperationEstimate estimate, slack) = estimator.EstimateOne(timed, slack);
            yield return (planned, estimate);
        }
    }
}
