using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Finds the operations that gain from weights in fast memory (npu-scheduling 3.8): those that read them several times from a slow
/// one. The whole stream is copied while the operation before runs.
/// </summary>
internal static class WeightBuffers
{
    /// <summary>More are not looked for a place for; only unrolled recurrent networks have so many operations.</summary>
    private const int MaxBuffers = 1000;

    /// <summary>The buffers that save cycles, the ones that save most first.</summary>
    /// <param name="runs">The operations of each custom operator.</param>
    /// <param name="bricks">Tensors in bricks of 16 channels.</param>
    /// <param name="weights">Encoded weights.</param>
    /// <param name="target">What is compiled for.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static ImmutableArray<WeightBuffer> Find(
        IEnumerable<ImmutableArray<PlannedOp>> runs, IReadOnlySet<NpuTensor> bricks, WeightStore weights, Target target,
        CancellationToken cancellation)
    {
        if (!target.ConstantsAreSlow || target.BytesPerCycle(target.CacheMemory) <= target.BytesPerCycle(target.ConstMemory))
            return [];
        PlanProfiles profiles = new(target, bricks, tensor => MemoryOf(tensor, target), op => weights.Of(op).Packed);
        NetworkEstimator estimator = new(target, NpuArchitecture.Of(target.Accelerator).Cycles);
        List<WeightBuffer> found = [];
        long total = 0;
        foreach (ImmutableArray<PlannedOp> ops in runs)
        {
            long slack = 0;
            int previous = -1;
            foreach (PlannedOp planned in ops.Where(op => op.Op.Kind != NpuOpKind.Dma))
            {
                cancellation.ThrowIfCancellationRequested();
                TimedOperation direct = new(planned.Op.Node.Name, profiles.Of(planned)) { IsTableOnly = planned.Op.IsTableOnly };
                (OperationEstimate estimate, long cycles) = estimator.EstimateOne(direct, slack);
                total += estimate.TotalCycles;
                if (planned.Op.HasWeights)
                {
                    long bytes = weights.Of(planned).Packed.Bytes.Length;
                    TimedOperation buffered = direct.WithCopiedWeights(target.ConstMemory, target.CacheMemory, bytes);
                    long saved = estimate.TotalCycles - estimator.EstimateOne(buffered, slack).Estimate.TotalCycles;
                    if (saved > 0 && bytes <= int.MaxValue)
                        found.Add(new(planned.Step,
                            new($"{planned.Op.Node.Name}/weights", ElementType.UInt8, [(int)bytes], NpuTensorRole.Internal),
                            new(previous < 0 ? planned.Step : previous, planned.Step, bytes), saved));
                }
                slack = cycles;
                previous = planned.Step;
            }
        }
        return [.. found.Select(buffer => buffer with { Saved = buffer.Saved / total }).OrderByDescending(buffer => buffer.Saved)
            .ThenBy(buffer => buffer.Step).Take(MaxBuffers)];
    }

    /// <summary>
    /// Where a tensor will lie, as far as it is known before the memory is planned: internal ones in fast memory where there is some.
    /// </summary>
    private static MemoryKind MemoryOf(NpuTensor tensor, Target target) => target.MemoryOf(tensor.Role switch
    {
        NpuTensorRole.Constant => MemoryRegions.ReadOnly,
        NpuTensorRole.Internal => MemoryRegions.Fast,
        _ => MemoryRegions.Arena,
    });
}
