using System.Collections.Immutable;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>Finds the cascades of a run that need less memory than their operations by themselves.</summary>
internal sealed class SegmentFinder
{
    /// <summary>Longer cascades gain little and take long to find.</summary>
    private const int MostOperations = 48;

    /// <summary>After so many stripes no more cascades are looked at.</summary>
    private const long Work = 25_000_000;

    private readonly IReadOnlyList<NpuOp> ops;
    private readonly Target target;
    private readonly StripeCosts costs;
    private readonly RowTensors rows;
    private readonly IReadOnlySet<NpuTensor> bricks;
    private readonly long[] alone; // bytes live while an operation runs by itself
    private readonly long[] begun, ended; // bytes of the pieces needed since a step or earlier; needed before it only
    private readonly int firstStep;
    private readonly TensorUses uses;
    private long work;

    /// <summary>Prepares the search.</summary>
    /// <param name="run">The part on the NPU.</param>
    /// <param name="firstStep">Step of the first one.</param>
    /// <param name="uses">Who needs what when, every operation by itself.</param>
    /// <param name="live">Bytes needed at each step, every operation by itself.</param>
    /// <param name="counts">Which pieces of memory count.</param>
    /// <param name="bricks">Tensors in bricks of 16 channels.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="costs">Cycles of stripes.</param>
    /// <param name="target">What is compiled for.</param>
    public SegmentFinder(LoweredRun run, int firstStep, TensorUses uses, long[] live, Func<object, bool> counts,
        IReadOnlySet<NpuTensor> bricks, int steps, StripeCosts costs, Target target)
    {
        ops = run.Ops;
        rows = run.Rows;
        this.firstStep = firstStep;
        this.uses = uses;
        this.bricks = bricks;
        this.costs = costs;
        this.target = target;
        alone = [.. Enumerable.Range(firstStep, ops.Count).Select(step => live[step])];
        begun = new long[steps + 2];
        ended = new long[steps + 2];
        foreach (object key in uses.Keys.Where(counts))
        {
            begun[uses[key].Start] += Allocator.Align(uses[key].Size);
            ended[uses[key].End + 1] += Allocator.Align(uses[key].Size);
        }
        for (int i = 1; i < begun.Length; i++)
        {
            begun[i] += begun[i - 1];
            ended[i] += ended[i - 1];
        }
    }

    private bool CanBuffer => WeightBuffers.ArePossible(target);

    /// <summary>The operations by themselves, then all cascades.</summary>
    public List<Segment> Find(CancellationToken cancellation)
    {
        List<Segment> segments = [.. Enumerable.Range(0, ops.Count).Select(Single)];
        for (int length = 2; length <= Math.Min(MostOperations, ops.Count); length++)
            for (int first = 0; first + length <= ops.Count; first++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (work > Work)
                    return segments;
                Cascades(first, first + length - 1, segments);
            }
        return segments;
    }

    private Segment Single(int op)
    {
        OperationCost inPlace = costs.Of(op, target.ConstMemory);
        if (!CanBuffer || !ops[op].HasWeights)
            return new(op, op, 0, alone[op], inPlace.Cycles, inPlace.Price, []);
        // Copies run beside what comes before.
        OperationCost copied = costs.Of(op, target.CacheMemory);
        return new(op, op, 0, alone[op], Math.Min(inPlace.Cycles, copied.Cycles), Math.Min(inPlace.Price, copied.Price + CopyOf(op)), []);
    }

    /// <summary>What the traffic of copying an operation's weights is worth.</summary>
    private long CopyOf(int op) => OperationCost.Worth(costs.WeightBytes(op) / target.BytesPerCycle(target.ConstMemory));

    private void Cascades(int first, int last, List<Segment> segments)
    {
        if (!StripeRules.CanStripe(ops[first]) || !StripeRules.CanStripe(ops[last]))
            return;
        long most = 0;
        HashSet<NpuTensor> written = [];
        for (int i = first; i <= last; i++)
        {
            if (!StripeRules.CanStripe(ops[i]))
                return;
            most = Math.Max(most, alone[i]);
            foreach (FeatureMap map in ops[i].Reads)
                if (written.Contains(map.Tensor) && !rows.IsSuitable(map.Tensor))
                    return;
            written.Add(ops[i].Ofm.Tensor);
        }
        List<NpuTensor> inner = InnerTensors.Of(ops, rows, first, last);
        // Each operation of a cascade but the last one hands something on inside it.
        if (inner.Count == 0 || !rows.IsSuitable(ops[first].Ofm.Tensor) || rows.SpanOf(ops[first].Ofm.Tensor).Last == first)
            return;
        long outside = begun[firstStep + last] - ended[firstStep + first];
        foreach (NpuTensor tensor in inner)
            outside -= Allocator.Align(uses[tensor].Size);
        if (outside >= most)
            return;
        StripeOrder order = new(ops, first, last, inner);
        foreach (int height in Heights(ops[last]))
        {
            order.Find(height);
            work += order.Stripes.Count;
            long memory = outside;
            int number = 0;
            foreach (int rowCount in order.BufferRows)
                memory += Allocator.Align(TensorLayouts.Bytes(inner[number], bricks, Math.Min(rowCount, inner[number++].Height)));
            if (memory >= most)
                return;
            AddCosts(order, first, last, height, memory, most, segments);
        }
    }

    /// <summary>With the weights read where they lie, and with those copied that gain from it.</summary>
    private void AddCosts(StripeOrder order, int first, int last, int height, long memory, long most, List<Segment> segments)
    {
        var inPlace = new Sum[last - first + 1];
        var copied = new Sum[last - first + 1];
        foreach (Stripe stripe in order.Stripes)
        {
            inPlace[stripe.Op - first].Add(costs.Of(stripe, target.ConstMemory));
            if (CanBuffer && ops[stripe.Op].HasWeights)
                copied[stripe.Op - first].Add(costs.Of(stripe, target.CacheMemory));
        }
        Sum direct = default, best = default;
        long bytes = 0;
        var buffered = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < inPlace.Length; i++)
        {
            direct.Add(inPlace[i]);
            bool isBuffered = CanBuffer && ops[first + i].HasWeights && copied[i].Price + CopyOf(first + i) < inPlace[i].Price;
            best.Add(isBuffered ? copied[i] : inPlace[i]);
            if (isBuffered)
            {
                best.Price += CopyOf(first + i);
                buffered.Add(first + i);
                bytes += Allocator.Align(costs.WeightBytes(first + i));
            }
        }
        segments.Add(new(first, last, height, memory, direct.Cycles, direct.Price, []));
        if (buffered.Count > 0 && memory + bytes < most)
            segments.Add(new(first, last, height, memory + bytes, best.Cycles, best.Price, buffered.ToImmutable()));
    }

    private static IEnumerable<int> Heights(NpuOp op)
    {
        int granule = StripeRules.Granule(op), half = (op.Ofm.Height + 1) / 2;
        for (int height = granule; height <= half; height = height < 3 * granule ? height + granule : (height * 3 / 2 / granule * granule))
            yield return height;
    }

    private struct Sum
    {
        public long Cycles, Price;

        public void Add(OperationCost cost) => (Cycles, Price) = (Cycles + cost.Cycles, Price + cost.Price);

        public void Add(Sum other) => (Cycles, Price) = (Cycles + other.Cycles, Price + other.Price);
    }
}
