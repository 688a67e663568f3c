using System.Collections.Immutable;
using EthosU.Npu.Blocks;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>Adds up the time of operations, with the copies of weights that run beside them (npu-scheduling 5.5 to 5.7).</summary>
/// <param name="target">The target.</param>
/// <param name="kernels">Cycles of the operations themselves.</param>
/// <param name="model">The model.</param>
internal sealed class NetworkEstimator(Target target, IKernelCycles kernels, CycleModel model = CycleModel.Vela52)
{
    private const int MemoryCount = 4;

    /// <summary>Estimates operations in their order of execution.</summary>
    public NetworkEstimate Estimate(IEnumerable<TimedOperation> operations)
    {
        var estimates = ImmutableArray.CreateBuilder<OperationEstimate>();
        long slack = 0;
        foreach (TimedOperation operation in operations)
        {
            (OperationEstimate estimate, slack) = EstimateOne(operation, slack);
            estimates.Add(estimate);
        }
        return new(target, estimates.ToImmutable());
    }

    /// <summary>
    /// Estimates the operations of a stream with copies beside kernels, as far as commands and the memory's rate allow it: what an
    /// operation adds to the whole.
    /// </summary>
    public NetworkEstimate EstimateBeside(IEnumerable<TimedOperation> operations)
    {
        var estimates = ImmutableArray.CreateBuilder<OperationEstimate>();
        Timeline timeline = new(target);
        double past = 0;
        foreach (TimedOperation operation in operations)
        {
            long cycles = kernels.Estimate(operation.Profile, target, model);
            (ImmutableArray<long> access, ImmutableArray<MemoryTraffic> traffic) = Memories(operation, null);
            long alone = Math.Max(cycles, access.Max());
            int depth = operation.Commands.OfType<KernelOperation>().Sum(static kernel => kernel.Ofm.Depth);
            double elapsed = 0;
            foreach (StreamOperation command in operation.Commands)
                if (command is DmaOperation dma)
                {
                    MemoryKind source = target.MemoryOf(dma.Source.Region);
                    MemoryKind? destination = dma.Destination.IsSharedRam ? null : target.MemoryOf(dma.Destination.Region);
                    timeline.Add(dma, source,
                        new MemoryTransfer(source, destination, dma.Length * dma.Rows * dma.Planes).Cycles(target, model));
                }
                else if (command is KernelOperation kernel)
                {
                    double share = kernel.Ofm.Depth / (double)depth;
                    elapsed += timeline.Add(kernel, (long)(alone * share), [.. access.Select(a => (long)(a * share))]);
                }
            long total = (long)Math.Round(past + elapsed) - (long)Math.Round(past);
            past += elapsed;
            estimates.Add(new(operation.Name, cycles + Math.Max(0, total - alone), access, traffic, operation.Profile.Macs)
            {
                Elapsed = total,
            });
        }
        return new(target, estimates.ToImmutable());
    }

    /// <summary>Estimates one operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="slack">Cycles of the operation before, during which weights can be copied.</param>
    /// <returns>The estimate, and the cycles for copies that the operation itself leaves to the next one.</returns>
    public (OperationEstimate Estimate, long Slack) EstimateOne(TimedOperation operation, long slack)
    {
        OperationProfile op = operation.Profile;
        long cycles = kernels.Estimate(op, target, model), npu = cycles, tail = cycles, hidden = 0;
        long copies = 0;
        // Vela 5 waits for tables only where the table is the operation.
        if (model == CycleModel.Vela3 || operation.IsTableOnly)
            copies = operation.Transfers.Sum(t => t.Cycles(target, model));
        if (operation.BufferedSlices.IsEmpty)
        {
            npu += Math.Max(copies - slack, 0);
        }
        else
        {
            long Copy(long bytes) => new MemoryTransfer(operation.BufferedFrom, op.WeightMemory, bytes).Cycles(target, model);
            long first = Copy(operation.BufferedSlices[0].Bytes), all = Copy(operation.BufferedSlices.Sum(s => s.Bytes));
            if (operation.BufferedSlices.Length > 1)
                tail = kernels.Estimate(LastSlice(op, operation.BufferedSlices[^1].Channels), target, model);
            npu = (model != CycleModel.Vela3 || operation.BufferedSlices.Length > 1
                ? Math.Max(all - slack + tail, cycles + Math.Max(first - slack, 0))
                : cycles + all - Math.Min(first, slack)) + copies;
            hidden = first <= slack ? operation.BufferedSlices[0].Bytes : 0;
        }
        (ImmutableArray<long> access, ImmutableArray<MemoryTraffic> traffic) = Memories(operation, hidden);
        return (new(operation.Name, npu, access, traffic, op.Macs), tail);
    }

    private static OperationProfile LastSlice(OperationProfile op, int channels) => op with
    {
        Ofm = op.Ofm with { Shape = op.Ofm.Shape with { Depth = Math.Min(channels, op.Ofm.Shape.Depth) } },
        Ifm = op.Operation == BlockOperation.Depthwise
            ? op.Ifm with { Shape = op.Ifm.Shape with { Depth = Math.Min(channels, op.Ifm.Shape.Depth) } } : op.Ifm,
    };

    private (ImmutableArray<long> Access, ImmutableArray<MemoryTraffic> Traffic) Memories(TimedOperation operation, long? hidden)
    {
        OperationProfile op = operation.Profile;
        ElementAccesses accesses = ElementAccesses.Of(op, model);
        var traffic = new MemoryTraffic[MemoryCount];
        var scaled = new double[MemoryCount];

        void FeatureMap(FeatureMapProfile map, long elements, BlockShape block, bool isWrite)
        {
            int memory = (int)map.Memory;
            double bytes = (double)elements * map.Bytes;
            traffic[memory] += isWrite ? new MemoryTraffic(0, bytes, 0, 0) : new MemoryTraffic(bytes, 0, 0, 0);
            scaled[memory] += BurstModel.OfAccess(elements, map, block, isWrite, target, model);
        }

        FeatureMap(op.Ifm, accesses.Ifm, op.IfmBlock, isWrite: false);
        if (op.Ifm2 is { } second)
            FeatureMap(second, accesses.Ifm2, op.IfmBlock, isWrite: false);
        FeatureMap(op.Ofm, accesses.Ofm, op.OfmBlock, isWrite: true);

        bool isBuffered = !operation.BufferedSlices.IsEmpty;
        if (op.WeightMemory is { } weights)
        {
            double read = (double)accesses.Refetches * op.WeightBytes;
            traffic[(int)weights] += new MemoryTraffic(0, 0, read, 0);
            if (model != CycleModel.Vela3 || !isBuffered)
                scaled[(int)weights] += read;
        }
        if (op.ScaleMemory is { } scales)
        {
            MemoryKind from = isBuffered ? operation.BufferedFrom : scales;
            double read = (double)Math.Max(1, accesses.Refetches) * op.ScaleBytes;
            traffic[(int)from] += new MemoryTraffic(0, 0, read, 0);
            if (hidden is null)
                scaled[(int)scales] += read;
            else if (model != CycleModel.Vela3 || !isBuffered)
                scaled[(int)from] += read;
        }
        if (isBuffered && op.WeightMemory is { } buffer)
        {
            double copied = op.WeightBytes;
            traffic[(int)operation.BufferedFrom] += new MemoryTraffic(0, 0, copied, 0);
            traffic[(int)buffer] += new MemoryTraffic(0, 0, 0, copied);
            if (model != CycleModel.Vela3 && hidden is { } before)
            {
                scaled[(int)operation.BufferedFrom] += Math.Max(0, copied - before);
                scaled[(int)buffer] += Math.Max(0, copied - before);
            }
        }
        foreach (MemoryTransfer transfer in operation.Transfers)
        {
            traffic[(int)transfer.Source] += new MemoryTraffic(transfer.Bytes, 0, 0, 0);
            if (transfer.Destination is { } destination)
                traffic[(int)destination] += new MemoryTraffic(0, transfer.Bytes, 0, 0);
        }
        var access = scaled.Select((bytes, memory) => bytes == 0 ? 0 : (long)(bytes / target.BytesPerCycle((MemoryKind)memory)));
        return ([.. access], [.. traffic]);
    }
}
