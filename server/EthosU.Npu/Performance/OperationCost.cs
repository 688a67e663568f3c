using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>What a single operation takes, without what is needed for reports: for searches that compare many.</summary>
/// <param name="Cycles">Cycles of the slowest of accelerator and memories.</param>
/// <param name="Slow">Cycles of them in which the memory of constants is read or written, where it is slower than the one of buffers.</param>
/// <param name="Bytes">Bytes that pass all memories.</param>
internal readonly record struct OperationCost(long Cycles, long Slow, double Bytes)
{
    /// <summary>How many cycles are worth a cycle of the slow memory: it takes energy, and others may need it meanwhile.</summary>
    private const double PriceOfTraffic = 0.25;

    /// <summary>Cycles, and what the traffic of the slow memory is worth.</summary>
    public long Price => Cycles + Worth(Slow);

    /// <summary>What an operation takes.</summary>
    public static OperationCost Of(OperationProfile op, Target target, IKernelCycles kernels)
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
        long cycles = kernels.Estimate(op, target, model), slow = 0;
        for (int memory = 0; memory < scaled.Length; memory++)
            if (scaled[memory] != 0)
            {
                long own = (long)(scaled[memory] / target.BytesPerCycle((MemoryKind)memory));
                cycles = Math.Max(cycles, own);
                if (memory == (int)target.ConstMemory && target.ConstMemory != target.CacheMemory)
                    slow = own;
            }
        return new(cycles, slow, bytes);
    }

    /// <summary>What cycles of the slow memory are worth.</summary>
    public static long Worth(double slowCycles) => (long)(PriceOfTraffic * slowCycles);
}
