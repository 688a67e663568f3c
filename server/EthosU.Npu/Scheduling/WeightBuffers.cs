using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Finds the operations that gain from weights in fast memory (npu-scheduling 3.8), and when to copy them: in parts that run beside the
/// operations before, as late as they still are hidden.
/// </summary>
/// <param name="profiles">What the time of operations depends on.</param>
/// <param name="blocks">Chooses blocks.</param>
/// <param name="weights">Encoded weights.</param>
/// <param name="target">What is compiled for.</param>
internal sealed class WeightBuffers(PlanProfiles profiles, BlockPlanner blocks, WeightStore weights, Target target)
{
    /// <summary>Smaller parts are not worth a transfer, but for the last one.</summary>
    private const long LeastBytes = 512;

    /// <summary>How many operations before its own a copy may begin.</summary>
    private const int MostSteps = 64;

    /// <summary>How often operations whose copies do not pay are left out, and those of the others planned again.</summary>
    private const int Rounds = 4;

    /// <summary>Weights are cut at multiples of this many channels.</summary>
    private const int Cut = 16;

    /// <summary>Cycles that a copy has to save for each that it takes, to be planned before others.</summary>
    private static readonly double[] Ranks = [3, 1.2, 0];

    private readonly IKernelCycles kernels = NpuArchitecture.Of(target.Accelerator).Cycles;
    private readonly double rate = target.BytesPerCycle(target.ConstMemory);
    private readonly long latency = target.Timing(target.ConstMemory).ReadLatency;

    /// <summary>Cycles of the operations looked at last, with weights in place but for those that have to be copied.</summary>
    public long TotalCycles { get; private set; }

    /// <summary>True if weights can be copied to a faster memory than they are stored in.</summary>
    public static bool ArePossible(Target target) =>
        target.ConstantsAreSlow && target.BytesPerCycle(target.CacheMemory) > target.BytesPerCycle(target.ConstMemory);

    /// <summary>Memory for the weights of an operation.</summary>
    public static NpuTensor Memory(NpuOp op, long bytes) =>
        new($"{op.Node.Name}/weights", ElementType.UInt8, [(int)bytes], NpuTensorRole.Internal);

    /// <summary>The buffers that save cycles, the ones that save most first.</summary>
    /// <param name="ops">The operations of a custom operator.</param>
    /// <param name="required">Buffers that cascades need whatever they cost; when to fill them is found here.</param>
    /// <param name="room">The memory that is free at each step.</param>
    /// <returns>The buffers, and the channels at which to cut operations of which only a part of the weights finds room or time.</returns>
    public (IReadOnlyList<WeightBuffer> Buffers, IReadOnlyDictionary<int, int> Cuts) Find(ImmutableArray<PlannedOp> ops,
        IReadOnlyList<WeightBuffer> required, FreeMemory room)
    {
        HashSet<int> taken = [.. required.SelectMany(static buffer => buffer.Users)];
        Slot[] slots = [.. ops.Where(static op => op.Op.Kind != NpuOpKind.Dma).Select(op => Measure(op, taken.Contains(op.Step)))];
        Dictionary<int, WeightBuffer> fixedBuffers = required.ToDictionary(static buffer => buffer.Users[0]);
        long inPlace = slots.Sum(static slot => slot.InPlace.Cycles);
        foreach (Slot slot in slots)
            slot.IsWanted = Gain(slot) > 0 && !slot.Op.IsStripe;
        List<WeightBuffer> found = [];
        Dictionary<int, int> cuts = [];
        for (int round = 0; round < Rounds; round++)
        {
            found.Clear();
            cuts.Clear();
            room.Reset();
            TotalCycles = inPlace;
            foreach (WeightBuffer buffer in required)
                room.Take(buffer.Range.Start, buffer.Range.End, buffer.Range.Size);
            foreach (Slot slot in slots)
                slot.Taken = 0;
            bool isSettled = true;
            // The memory and the time beside kernels go first to those that save most for what they take.
            for (int rank = 0; rank < Ranks.Length; rank++)
            {
                foreach (Slot slot in slots)
                    slot.IsBuffered = slot.IsWanted && RankOf(slot) <= rank;
                for (int i = slots.Length - 1; i >= 0; i--)
                    if (fixedBuffers.TryGetValue(slots[i].Op.Step, out WeightBuffer? needed))
                    {
                        if (rank == 0)
                            found.Add(Fill(slots, i, needed, room));
                    }
                    else if (slots[i].IsWanted && RankOf(slots[i]) == rank)
                    {
                        if (Find(slots, i, room, cuts) is { } buffer)
                            found.Add(buffer);
                        else if (!cuts.ContainsKey(slots[i].Op.Step))
                            slots[i].IsWanted = slots[i].IsBuffered = isSettled = false;
                    }
            }
            if (isSettled)
                break;
        }
        return ([.. found.OrderByDescending(static buffer => buffer.Saved).ThenBy(static buffer => buffer.Users[0])], cuts);
    }

    private int RankOf(Slot slot) =>
        Array.FindIndex(Ranks, least => Gain(slot) >= least * (slot.Bytes / rate));

    /// <summary>What it is worth to copy the weights, if that takes no time.</summary>
    private long Gain(Slot slot) => slot.InPlace.Price - slot.Buffered.Price - OperationCost.Worth(slot.Bytes / rate);

    private Slot Measure(PlannedOp op, bool isBuffered)
    {
        WeightSizes size = op.Op.HasWeights ? weights.SizesOf(op) : default;
        OperationProfile profile = profiles.Of(op.Op, op.Traversal, op.Block, size, target.CacheMemory);
        OperationCost buffered = OperationCost.Of(profile, target, kernels);
        if (!op.Op.HasWeights || isBuffered)
            return new(op, buffered, buffered, 0, 0);
        // Another block may suit weights in place.
        PlannedOp other = blocks.Plan(op.Op, op.Step, size, target.ConstMemory, op.Block.Depth);
        OperationProfile direct = profiles.Of(op.Op, op.Traversal, other.Block, size, target.ConstMemory);
        int refetches = ElementAccesses.Of(direct, CycleModel.Vela52).Refetches;
        OperationCost inPlace = OperationCost.Of(direct, target, kernels);
        return new(op, buffered, inPlace, weights.SizesOf(op).Total, (long)(Math.Max(1, refetches) * size.Total / rate));
    }

    /// <summary>When to fill a buffer that has to be: also before the cascade, where there is room.</summary>
    private WeightBuffer Fill(Slot[] slots, int user, WeightBuffer buffer, FreeMemory room)
    {
        long missing = buffer.Range.Size;
        List<WeightChunk> chunks = [];
        int start = buffer.Range.Start;
        for (int i = user - 1; i >= 0 && i >= user - MostSteps && missing > 0; i--)
        {
            int step = slots[i].Op.Step;
            long bytes = Math.Min(missing, (long)((slots[i].Free - latency) * rate) / 16 * 16);
            if (bytes < Math.Min(LeastBytes, missing))
                continue;
            if (step < start)
            {
                if (!room.HasRoom(step, start - 1, buffer.Range.Size))
                    break;
                room.Take(step, start - 1, buffer.Range.Size);
                start = step;
            }
            chunks.Add(new(slots[i + 1].Op.Step, bytes));
            slots[i].Taken += latency + (long)(bytes / rate);
            missing -= bytes;
        }
        chunks.Reverse();
        if (missing > 0)
        {
            chunks.Add(new(slots[user].Op.Step, missing));
            TotalCycles += latency + (long)(missing / rate);
        }
        return buffer with { Range = buffer.Range with { Start = start }, Chunks = Join(chunks) };
    }

    /// <summary>The copy of an operation's weights; null if it is cut, or if a copy does not pay.</summary>
    private WeightBuffer? Find(Slot[] slots, int user, FreeMemory room, Dictionary<int, int> cuts)
    {
        Slot own = slots[user];
        long missing = own.Bytes, hidden = 0;
        List<(int Slot, long Bytes)> taken = [];
        for (int i = user - 1; i >= 0 && i >= user - MostSteps && missing > 0; i--)
        {
            long bytes = Math.Min(missing, (long)((slots[i].Free - latency) * rate) / 16 * 16);
            if (bytes < Math.Min(LeastBytes, missing))
                continue;
            // If what is copied so early does not fit, less is copied.
            if (!room.HasRoom(slots[i].Op.Step, own.Op.Step, hidden + bytes))
                break;
            taken.Add((i, bytes));
            hidden += bytes;
            missing -= bytes;
        }
        long saved;
        if (missing > 0)
        {
            long exposed = latency + (long)(missing / rate), whole = Gain(own) - exposed;
            int cut = CutOf(own.Op, hidden);
            // The part behind the cut is read in place, if the weights are read once anyway.
            long part = cut == 0 ? 0 : own.InPlace.Cycles - Parts(own, cut);
            if (part > Math.Max(whole, 0))
            {
                cuts.Add(own.Op.Step, cut);
                foreach ((int slot, long bytes) in taken)
                    slots[slot].Taken += latency + (long)(bytes / rate);
                own.Taken += own.Buffered.Cycles * (own.Op.Op.Ofm.Depth - cut) / own.Op.Op.Ofm.Depth;
                room.Take(slots[taken.Count > 0 ? taken[^1].Slot : Math.Max(0, user - 1)].Op.Step, own.Op.Step, hidden);
                return null;
            }
            if (whole <= 0 || !room.HasRoom(slots[Math.Max(0, user - 1)].Op.Step, own.Op.Step, own.Bytes))
                return null;
            saved = own.InPlace.Cycles - own.Buffered.Cycles - exposed;
        }
        else
            saved = own.InPlace.Cycles - own.Buffered.Cycles;
        foreach ((int slot, long bytes) in taken)
            slots[slot].Taken += latency + (long)(bytes / rate);
        taken.Reverse();
        List<WeightChunk> chunks = [.. taken.Select(part => new WeightChunk(slots[part.Slot + 1].Op.Step, part.Bytes))];
        if (missing > 0)
            chunks.Add(new(own.Op.Step, missing));
        int start = slots[taken.Count > 0 ? taken[0].Slot : Math.Max(0, user - 1)].Op.Step;
        room.Take(start, own.Op.Step, own.Bytes);
        return new([own.Op.Step], Memory(own.Op.Op, own.Bytes), new(start, own.Op.Step, own.Bytes), saved) { Chunks = Join(chunks) };
    }

    /// <summary>Channels whose weights have as many bytes as found time and room; 0 if there are too few.</summary>
    private static int CutOf(PlannedOp op, long bytes)
    {
        int depth = op.Op.Ofm.Depth;
        if (op.Cut != 0 || op.Op.Kind is not (NpuOpKind.Convolution or NpuOpKind.VectorProduct) || depth != op.Op.Weights!.OutputDepth)
            return 0;
        int cut = (int)(bytes * depth / Math.Max(1, op.Op.Weights.Filter.Length) / Cut * Cut);
        return cut < depth ? cut : (depth - 1) / Cut * Cut;
    }

    /// <summary>Cycles of an operation of which a part of the weights is read in place.</summary>
    private static long Parts(Slot slot, int cut)
    {
        double share = cut / (double)slot.Op.Op.Ofm.Depth;
        long buffered = slot.Buffered.Cycles;
        return (long)((buffered * share) + Math.Max(buffered * (1 - share), slot.InPlace.Cycles * (1 - share)));
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
    private sealed class Slot(PlannedOp op, OperationCost buffered, OperationCost inPlace, long bytes, long read)
    {
        public PlannedOp Op => op;

        public OperationCost Buffered => buffered;

        public OperationCost InPlace => inPlace;

        public long Bytes => bytes;

        /// <summary>Cycles of the slow memory if the weights are read in place.</summary>
        public long Read => read;

        /// <summary>Cycles beside it in which the slow memory is free.</summary>
        public long Free => (IsBuffered ? buffered.Cycles : Math.Max(0, inPlace.Cycles - read)) - Taken;

        /// <summary>Cycles beside it that copies for others take.</summary>
        public long Taken { get; set; }

        /// <summary>True until it is found that its copy does not pay.</summary>
        public bool IsWanted { get; set; }

        /// <summary>True if its weights do not need the slow memory while it runs.</summary>
        public bool IsBuffered { get; set; }
    }
}
