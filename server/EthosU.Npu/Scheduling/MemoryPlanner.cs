using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Gives every tensor of the model a place in the arena or in the fast memory (npu-scheduling 4). Time is counted in steps: each node on
/// the CPU and each NPU operation is one.
/// </summary>
internal sealed class MemoryPlanner
{
    private readonly IReadOnlySet<NpuTensor> bricks;
    private readonly TensorUses uses;

    /// <summary>Decides which results take the place of an operand.</summary>
    /// <param name="uses">Who needs what when.</param>
    /// <param name="ops">NPU operations and their steps.</param>
    /// <param name="bricks">Tensors in bricks of 16 channels.</param>
    public MemoryPlanner(TensorUses uses, IReadOnlyList<(NpuOp Op, int Step)> ops, IReadOnlySet<NpuTensor> bricks)
    {
        this.bricks = bricks;
        this.uses = uses;
        Share(ops);
    }

    /// <summary>Multiple of which the first byte of tensors is that the CPU sees: all of the model but what stays on the NPU.</summary>
    public int VisibleAlignment { get; init; } = Allocator.Alignment;

    /// <summary>The least memory that the pieces need at each step, together.</summary>
    /// <param name="counts">Which pieces count.</param>
    /// <param name="steps">Number of steps.</param>
    public long[] LiveBytes(Func<object, bool> counts, int steps)
    {
        var live = new long[steps + 2];
        foreach (List<object> group in Groups().Values)
        {
            if (!group.Exists(key => counts(key)))
                continue;
            LiveRange range = Merge(group);
            live[range.Start] += Allocator.Align(range.Size);
            live[range.End + 1] -= Allocator.Align(range.Size);
        }
        for (int i = 1; i < live.Length; i++)
            live[i] += live[i - 1];
        return live;
    }

    /// <summary>Plans the memory.</summary>
    /// <param name="fastSize">Bytes of fast memory beside the arena; null if there is none.</param>
    /// <param name="isDraft">True to find out quickly about how much is needed.</param>
    /// <param name="cancellation">Ends the work.</param>
    public MemoryPlan Plan(long? fastSize, bool isDraft, CancellationToken cancellation)
    {
        Dictionary<object, List<object>> groups = Groups();
        object[] roots = [.. groups.Keys];
        LiveRange[] ranges = [.. roots.Select(root => Merge(groups[root]))];
        HashSet<int> fast = fastSize is { } limit ? ChooseFast(roots, groups, ranges, limit, isDraft, cancellation) : [];
        int[] slow = [.. Enumerable.Range(0, roots.Length).Where(i => !fast.Contains(i))], quick = [.. fast.Order()];
        Allocation arena = Allocator.Allocate([.. slow.Select(i => ranges[i])], isDraft, cancellation);
        Allocation cache = Allocator.Allocate([.. quick.Select(i => ranges[i])], isDraft, cancellation);
        Dictionary<NpuTensor, (int, long)> places = [];
        Dictionary<Tensor, long> offsets = [];
        for (int i = 0; i < slow.Length; i++)
            foreach (object key in groups[roots[slow[i]]])
                if (key is NpuTensor tensor)
                    places.Add(tensor, (MemoryRegions.Arena, arena.Offsets[i]));
                else
                    offsets.Add((Tensor)key, arena.Offsets[i]);
        for (int i = 0; i < quick.Length; i++)
            foreach (object key in groups[roots[quick[i]]])
                places.Add((NpuTensor)key, (MemoryRegions.Fast, cache.Offsets[i]));
        return new(places, offsets, arena.Size, cache.Size, Allocator.LowerBound(ranges), Describe(places, offsets));
    }

    private ImmutableArray<PlannedTensor> Describe(Dictionary<NpuTensor, (int Region, long Address)> places,
        Dictionary<Tensor, long> offsets)
    {
        IEnumerable<PlannedTensor> hidden =
            places.Select(place => Describe(place.Key, place.Key.Name, place.Value.Region == MemoryRegions.Fast, place.Value.Address));
        IEnumerable<PlannedTensor> visible = offsets.Select(place => Describe(place.Key, place.Key.Name, isFast: false, place.Value));
        return [.. hidden.Concat(visible).OrderBy(tensor => tensor.FirstStep).ThenBy(tensor => tensor.Offset)
            .ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
    }

    private PlannedTensor Describe(object key, string name, bool isFast, long offset) =>
        new(name, isFast, offset, uses[key].Size, uses[key].Start, uses[key].End);

    private Dictionary<object, List<object>> Groups()
    {
        Dictionary<object, List<object>> groups = [];
        foreach (object key in uses.Keys)
        {
            object root = Root(key);
            if (!groups.TryGetValue(root, out List<object>? group))
                groups.Add(root, group = []);
            group.Add(key);
        }
        return groups;
    }

    /// <summary>
    /// Results of operations that work element by element take the place of an operand that nobody needs any more: no later operation, and
    /// not the operation itself through another view of the same storage, whose elements would be overwritten before they are read.
    /// </summary>
    private void Share(IReadOnlyList<(NpuOp Op, int Step)> ops)
    {
        Dictionary<object, int> writers = [];
        foreach ((NpuOp op, _) in ops)
            writers[TensorUses.Key(op.Ofm.Tensor)] = writers.GetValueOrDefault(TensorUses.Key(op.Ofm.Tensor)) + 1;
        foreach ((NpuOp op, int step) in ops)
        {
            object result = TensorUses.Key(op.Ofm.Tensor);
            if (!WritesWhereItReads(op) || !op.Ofm.IsWhole || writers[result] != 1 || op.Ofm.Tensor.Role == NpuTensorRole.Variable
                || uses[result].Start != step || uses[result].Shared is not null)
                continue;
            foreach (FeatureMap operand in op.Reads)
            {
                object source = TensorUses.Key(operand.Tensor);
                if (operand.Tensor.Role is NpuTensorRole.Constant or NpuTensorRole.Variable || !operand.IsWhole
                    || operand.Height != op.Ofm.Height || operand.Width != op.Ofm.Width || operand.Depth != op.Ofm.Depth
                    || operand.ElementBytes != op.Ofm.ElementBytes || bricks.Contains(operand.Tensor) != bricks.Contains(op.Ofm.Tensor)
                    || uses[source].End != step || uses[source].Replaced
                    || op.Reads.Any(other => Equals(TensorUses.Key(other.Tensor), source) && !other.IsWhole))
                    continue;
                uses[result].Shared = source;
                uses[source].Replaced = true;
                break;
            }
        }
    }

    /// <summary>True if each element of the result depends on the elements at its own position only.</summary>
    private static bool WritesWhereItReads(NpuOp op) => op.Kind == NpuOpKind.Elementwise
        || (op.Kind == NpuOpKind.AveragePool && op.Kernel == NpuKernel.Unit && op.Upscale == NpuUpscale.None);

    private object Root(object key)
    {
        object root = key;
        while (uses[root].Shared is { } next)
            root = next;
        while (uses[key].Shared is { } next) // the next search is short
            (uses[key].Shared, key) = (root, next);
        return root;
    }

    private LiveRange Merge(List<object> group) =>
        new(group.Min(key => uses[key].Start), group.Max(key => uses[key].End), group.Max(key => uses[key].Size))
        {
            Alignment = group.Exists(static key => key is Tensor) ? VisibleAlignment : Allocator.Alignment,
        };

    /// <summary>
    /// Pieces only the NPU sees that fit in the fast memory together, the ones with the most traffic for their size first (npu-scheduling
    /// 3.9).
    /// </summary>
    private static HashSet<int> ChooseFast(object[] roots, Dictionary<object, List<object>> groups, LiveRange[] ranges, long limit,
        bool isDraft, CancellationToken cancellation)
    {
        int[] candidates =
        [
            .. Enumerable.Range(0, roots.Length).Where(i => groups[roots[i]].All(key => key is NpuTensor { Role: NpuTensorRole.Internal }))
                .OrderBy(i => (ranges[i].End - ranges[i].Start + 1) * (double)Allocator.Align(ranges[i].Size)).ThenBy(i => i),
        ];
        if (Allocator.Allocate([.. candidates.Select(i => ranges[i])], isDraft, cancellation).Size <= limit)
            return [.. candidates];
        // One by one while the sum at every step stays within the limit; what the placement wastes is given back at the end.
        List<int> chosen = [];
        foreach (int i in candidates)
        {
            long size = Allocator.Align(ranges[i].Size), most = 0;
            foreach (int j in chosen)
                if (ranges[j].Overlaps(ranges[i]))
                    most = Math.Max(most, chosen.Where(k => Alive(ranges[k], Math.Max(ranges[j].Start, ranges[i].Start)))
                        .Sum(k => Allocator.Align(ranges[k].Size)));
            if (most + size <= limit)
                chosen.Add(i);
        }
        while (chosen.Count > 0 && Allocator.Allocate([.. chosen.Order().Select(i => ranges[i])], isDraft, cancellation).Size > limit)
            chosen.RemoveAt(chosen.Count - 1);
        return [.. chosen];
    }

    private static bool Alive(LiveRange range, int step) => range.Start <= step && step <= range.End;
}
