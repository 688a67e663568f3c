using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>The cycles of a single operation, without what is needed for reports: for searches that compare many.</summary>
internal static class OperationCost
{
    /// <summary>Cycles of the slowest of accelerator and memories, and bytes that pass all memories.</summary>
    public static (long Cycles, double Bytes) Of(OperationProfile op, Target target, IKernelCycles kernels)
    {
        const CycleModel model = CycleModel.Vela52;
        ElementAccesses accesses = ElementAccesses.Of(op, model);
        Span<double> scaled = stackalloc double[4];
        scaled.Clear();
        double bytes = 0;
        void Add(Span<double> sums, FeatureMapProfile map, long elements, BlockShape block, bool isWrite)
        {
            bytes += (double)elements * map.Bytes;
            sums[(int)map.Memory] += BurstModel.OfAccess(elements, map, block, isWrite, target, model);
        }

        Add(scaled, op.Ifm, accesses.Ifm, op.IfmBlock, isWrite: false);
        if (op.Ifm2 is { } second)
            Add(scaled, second, accesses.Ifm2, op.IfmBlock, isWrite: false);
        Add(scaled, op.Ofm, accesses.Ofm, op.OfmBlock, isWrite: true);
        if (op.WeightMemory is { } weights)
        {
            scaled[(int)weights] += (double)accesses.Refetches * op.WeightBytes;
            bytes += (double)accesses.Refetches * op.WeightBytes;
        }
        if (op.ScaleMemory is { } scales)
            scaled[(int)scales] += (double)Math.Max(1, accesses.Refetches) * op.ScaleBytes;
        long cycles = kernels.Estimate(op, target, model);
        for (int memory = 0; memory < scaled.Length; memory++)
            if (scaled[memory] != 0)
                cycles = Math.Max(cycles, (long)(scaled[memory] / target.BytesPerCycle((MemoryKind)memory)));
        return (cycles, bytes);
    }
}
