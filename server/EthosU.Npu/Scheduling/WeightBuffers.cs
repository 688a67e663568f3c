using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Finds the operations that gain from weights in fast memory (npu-scheduling 3.8), and when to copy them: the whole stream, in parts
/// that run beside the operations before, as late as they still are hidden.
/// </summary>
/// <param name="profiles">What the time of operations depends on.</param>
/// <param name="weights">Encoded weights.</param>
/// <param name="target">What is compiled for.</param>
internal sealed class WeightBuffers(PlanProfiles profiles, WeightStore weights, Target target)
{
    /// <summary>Smaller parts are not worth a transfer, but for the last one.</summary>
    private const long LeastBytes = 512;

    /// <summary>How many operations before its own a copy may begin.</summary>
    private const int MostSteps = 64;

    private readonly IKernelCycles kernels = NpuArchitecture.Of(target.Accelerator).Cycles;
    private readonly double rate = target.BytesPerCycle(target.ConstMemory);
    private readonly long latency = target.Timing(target.ConstMemory).ReadLatency;

    /// <summary>True if weights can be copied to a faster memory than they are stored in.</summary>
    public static bool ArePossible(Target target) =>
        target.ConstantsAreSlow && target.BytesPerCycle(target.CacheMemory) > target.BytesPerCycle(target.ConstMemory);

    /// <summary>Memory for the weights of an operation.</summary>
    public static NpuTensor Memory(NpuOp op, long bytes) =>
        new($"{op.Node.Name}/weights", ElementType.UInt8, [(int)bytes], NpuTensorRole.Internal);

    /// <summary>Cycles of the operations looked at last, with weights in place.</summary>
    public long TotalCycles { get; private set; }

    /// <summary>The buffers that save cycles, the ones that save most first.</summary>
    /// <param name="ops">The operations of a custom operator.</param>
    /// <param name="taken">Steps of operations whose weights are in a buffer already.</param>
    /// <param name="farthest">How many operations before its own a copy may begin.</param>
    public IReadOnlyList<WeightBuffer> Find(ImmutableArray<PlannedOp> ops, IReadOnlySet<int> taken, int farthest = MostSteps)
    {
        Slot[] slots = [.. ops.Where(static op => op.Op.Kind != NpuOpKind.Dma).Select(op => Measure(op, taken.Contains(op.Step)))];
        TotalCycles = slots.Sum(static slot => slot.InPlace);
        List<WeightBuffer> found = [];
        for (int i = slots.Length - 1; i >= 0; i--)
            if (slots[i].InPlace > slots[i].Buffered && Find(slots, i, farthest) is { } buffer)
                found.Add(buffer);
        return [.. found.OrderByDescending(static buffer => buffer.Saved).ThenBy(static buffer => buffer.Users[0])];
    }

    private Slot Measure(PlannedOp op, bool isBuffered)
    {
        WeightSizes size = op.Op.HasWeights ? WeightSizes.Of(weights.Of(op).Packed) : default;
        OperationProfile profile = profiles.Of(op.Op, op.Traversal, op.Block, size, target.CacheMemory);
        long buffered = OperationCost.Of(profile, target, kernels).Cycles;
        if (!op.Op.HasWeights || isBuffered)
            return new(op, buffered, buffered, 0) { Free = buffered };
        ElementAccesses accesses = ElementAccesses.Of(profile, CycleModel.Vela52);
        long inPlace =
            OperationCost.Of(profile with { WeightMemory = target.ConstMemory, ScaleMemory = target.ConstMemory }, target, kernels).Cycles;
        long read = (long)(Math.Max(1, accesses.Refetches) * size.Total / rate);
        // Until it is decided that they are copied, weights are read in place.
        return new(op, buffered, inPlace, weights.Of(op).Packed.Bytes.Length) { Free = Math.Max(0, inPlace - read) };
    }

    private WeightBuffer? Find(Slot[] slots, int user, int farthest)
    {
        Slot own = slots[user];
        long missing = own.Bytes;
        List<(int Slot, long Bytes)> taken = [];
        for (int i = user - 1; i >= 0 && i >= user - farthest && missing > 0; i--)
        {
            long bytes = Math.Min(missing, (long)((slots[i].Free - latency) * rate) / 16 * 16);
            if (bytes < Math.Min(LeastBytes, missing))
                continue;
            taken.Add((i, bytes));
            missing -= bytes;
        }
        long exposed = missing > 0 ? latency + (long)(missing / rate) : 0, saved = own.InPlace - own.Buffered - exposed;
        if (saved <= 0)
            return null;
        foreach ((int slot, long bytes) in taken)
            slots[slot].Free -= latency + (long)(bytes / rate);
        own.Free = own.Buffered;
        taken.Reverse();
        List<WeightChunk> chunks = [.. taken.Select(part => new WeightChunk(slots[part.Slot + 1].Op.Step, part.Bytes))];
        if (missing > 0)
            chunks.Add(new(own.Op.Step, missing));
        int start = slots[taken.Count > 0 ? taken[0].Slot : Math.Max(0, user - 1)].Op.Step;
        return new([own.Op.Step], Memory(own.Op.Op, own.Bytes), new(start, own.Op.Step, own.Bytes), saved) { Chunks = Join(chunks) };
    }

    /// <summary>Parts at the same place become one.</summary>
    private static ImmutableArray<WeightChunk> Join(List<WeightChunk> chunks)
    {
        var joined = ImmutableArray.CreateBuilder<WeightChunk>();
        foreach (WeightChunk chunk in chunks)
            if (joined.Count > 0 && joined[^1].Step == chunk.Step)
                joined[^1] = chunk with { Bytes = joined[^1].Bytes + chunk.Bytes };
            else
                joined.Add(chunk);
        return joined.ToImmutable();
    }

    /// <summary>An operation, and the time beside it in which the slow memory is free.</summary>
    private sealed class Slot(PlannedOp op, long buffered, long inPlace, long bytes)
    {
        public PlannedOp Op => op;

        public long Buffered => buffered;

        public long InPlace => inPlace;

        public long Bytes => bytes;

        public long Free { get; set; }
    }
}
