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
    /// <summary>
    /// By how much the arena may grow for a copy that saves all cycles, relative to its size: for one that saves 1 %, by 10 %.
    /// </summary>
    private const double GrowthForCycles = 10;

    private readonly IReadOnlySet<NpuTensor> bricks;
    private readonly Dictionary<object, Use> uses = [];
    private readonly int lastStep;

    /// <summary>Collects who needs what when.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="cpu">Nodes on the CPU and their steps.</param>
    /// <param name="ops">NPU operations and their steps.</param>
    /// <param name="bricks">Tensors in bricks of 16 channels.</param>
    /// <param name="steps">Number of steps.</param>
    public MemoryPlanner(Graph graph, IEnumerable<(Node Node, int Step)> cpu, IReadOnlyList<PlannedOp> ops, IReadOnlySet<NpuTensor> bricks,
        int steps)
    {
        this.bricks = bricks;
        lastStep = steps;
        foreach (Tensor input in graph.Inputs)
            Touch(Key(input), 0);
        foreach ((Node node, int step) in cpu)
            foreach (Tensor? tensor in node.Inputs.Concat(node.Outputs))
                if (tensor is not null)
                    Touch(Key(tensor), step);
        foreach (PlannedOp op in ops)
            foreach (FeatureMap map in op.Op.Reads.Append(op.Op.Ofm))
                if (map.Tensor.Role != NpuTensorRole.Constant)
                    Touch(Key(map.Tensor), op.Step);
        foreach (Tensor output in graph.Outputs)
            Touch(Key(output), lastStep);
        foreach (object key in uses.Keys.ToList())
            if (key is Tensor { IsVariable: true })
                uses[key] = new(0, lastStep, uses[key].Size);
        Share(ops);
    }

    /// <summary>Plans the memory.</summary>
    /// <param name="fastSize">Bytes of fast memory beside the arena; null if there is none.</param>
    /// <param name="buffers">Copies of weights, the most useful first; they get what room there is.</param>
    /// <param name="bufferLimit">To what size the arena may grow for them; they may always lie in gaps.</param>
    /// <param name="cancellation">Ends the work.</param>
    public MemoryPlan Plan(long? fastSize, IReadOnlyList<WeightBuffer> buffers, long bufferLimit, CancellationToken cancellation)
    {
        Dictionary<object, List<object>> groups = [];
        foreach (object key in uses.Keys)
        {
            object root = Root(key);
            if (!groups.TryGetValue(root, out List<object>? group))
                groups.Add(root, group = []);
            group.Add(key);
        }
        object[] roots = [.. groups.Keys];
        LiveRange[] ranges = [.. roots.Select(root => Merge(groups[root]))];
        HashSet<int> fast = fastSize is { } limit ? ChooseFast(roots, groups, ranges, limit, cancellation) : [];
        int[] slow = [.. Enumerable.Range(0, roots.Length).Where(i => !fast.Contains(i))], quick = [.. fast.Order()];
        Allocation arena = Allocator.Allocate([.. slow.Select(i => ranges[i])], cancellation);
        Allocation cache = Allocator.Allocate([.. quick.Select(i => ranges[i])], cancellation);
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
        bool isFast = fastSize is not null;
        Allocation home = isFast ? cache : arena;
        GapPlacement gaps = new((isFast ? quick : slow).Select((range, i) => (ranges[range], home.Offsets[i])));
        List<PlannedTensor> copies = [];
        Dictionary<NpuTensor, (int, long)> copied = [];
        foreach (WeightBuffer buffer in buffers)
        {
            cancellation.ThrowIfCancellationRequested();
            if (gaps.TryPlace(buffer.Range,
                fastSize ?? Math.Max(home.Size, Math.Min(bufferLimit, (long)(gaps.Size * (1 + (buffer.Saved * GrowthForCycles))))),
                out long offset))
            {
                copied.Add(buffer.Tensor, (isFast ? MemoryRegions.Fast : MemoryRegions.Arena, offset));
                copies.Add(new(buffer.Tensor.Name, isFast, offset, buffer.Range.Size, buffer.Range.Start, buffer.Range.End));
            }
        }
        ImmutableArray<PlannedTensor> tensors = Describe(places, offsets, copies);
        foreach ((NpuTensor tensor, (int, long) place) in copied)
            places.Add(tensor, place);
        long arenaSize = isFast ? arena.Size : Math.Max(arena.Size, gaps.Size), fastBytes = isFast ? Math.Max(cache.Size, gaps.Size) : 0;
        return new(places, offsets, arenaSize, fastBytes, Allocator.LowerBound(ranges), tensors);
    }

    private ImmutableArray<PlannedTensor> Describe(Dictionary<NpuTensor, (int Region, long Address)> places,
        Dictionary<Tensor, long> offsets, List<PlannedTensor> copies)
    {
        IEnumerable<PlannedTensor> hidden =
            places.Select(place => Describe(place.Key, place.Key.Name, place.Value.Region == MemoryRegions.Fast, place.Value.Address));
        IEnumerable<PlannedTensor> visible = offsets.Select(place => Describe(place.Key, place.Key.Name, isFast: false, place.Value));
        return [.. hidden.Concat(visible).Concat(copies).OrderBy(tensor => tensor.FirstStep).ThenBy(tensor => tensor.Offset)
            .ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
    }

    private PlannedTensor Describe(object key, string name, bool isFast, long offset) =>
        new(name, isFast, offset, uses[key].Size, uses[key].Start, uses[key].End);

    /// <summary>Tensors of the model go by themselves, what only the NPU knows by its storage.</summary>
    private static object Key(NpuTensor tensor) => tensor.Source is { } source && tensor.Role != NpuTensorRole.Internal ? source : tensor;

    private static Tensor Key(Tensor tensor) => tensor;

    private void Touch(object key, int step)
    {
        if (key is Tensor tensor && (tensor.IsConstant || !tensor.Type.HasFixedSize() || tensor.Type == ElementType.Resource))
            return;
        if (uses.TryGetValue(key, out Use? use))
        {
            use.Start = Math.Min(use.Start, step);
            use.End = Math.Max(use.End, step);
        }
        else
            uses.Add(key, new(step, step, Bytes(key)));
    }

    private long Bytes(object key) => key switch
    {
        NpuTensor tensor => bricks.Contains(tensor) ? TensorLayouts.BrickBytes(tensor) : tensor.LinearBytes,
        Tensor tensor => tensor.Type.ByteCount(tensor.Shape.ElementCount),
        _ => 0,
    };

    /// <summary>
    /// Results of operations that work element by element take the place of an operand that nobody needs any more: no later operation, and
    /// not the operation itself through another view of the same storage, whose elements would be overwritten before they are read.
    /// </summary>
    private void Share(IReadOnlyList<PlannedOp> ops)
    {
        Dictionary<object, int> writers = [];
        foreach (PlannedOp op in ops)
            writers[Key(op.Op.Ofm.Tensor)] = writers.GetValueOrDefault(Key(op.Op.Ofm.Tensor)) + 1;
        foreach (PlannedOp planned in ops)
        {
            NpuOp op = planned.Op;
            object result = Key(op.Ofm.Tensor);
            if (!WritesWhereItReads(op) || !op.Ofm.IsWhole || writers[result] != 1 || op.Ofm.Tensor.Role == NpuTensorRole.Variable
                || uses[result].Start != planned.Step || uses[result].Shared is not null)
                continue;
            foreach (FeatureMap operand in op.Reads)
            {
                object source = Key(operand.Tensor);
                if (operand.Tensor.Role is NpuTensorRole.Constant or NpuTensorRole.Variable || !operand.IsWhole
                    || operand.Height != op.Ofm.Height || operand.Width != op.Ofm.Width || operand.Depth != op.Ofm.Depth
                    || operand.ElementBytes != op.Ofm.ElementBytes || bricks.Contains(operand.Tensor) != bricks.Contains(op.Ofm.Tensor)
                    || uses[source].End != planned.Step || uses[source].Replaced
                    || op.Reads.Any(other => Equals(Key(other.Tensor), source) && !other.IsWhole))
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
        new(group.Min(key => uses[key].Start), group.Max(key => uses[key].End), group.Max(key => uses[key].Size));

    /// <summary>
    /// Pieces only the NPU sees that fit in the fast memory together, the ones with the most traffic for their size first (npu-scheduling
    /// 3.9).
    /// </summary>
    private static HashSet<int> ChooseFast(object[] roots, Dictionary<object, List<object>> groups, LiveRange[] ranges, long limit,
        CancellationToken cancellation)
    {
        int[] candidates =
        [
            .. Enumerable.Range(0, roots.Length).Where(i => groups[roots[i]].All(key => key is NpuTensor { Role: NpuTensorRole.Internal }))
                .OrderBy(i => (ranges[i].End - ranges[i].Start + 1) * (double)Allocator.Align(ranges[i].Size)).ThenBy(i => i),
        ];
        if (Allocator.Allocate([.. candidates.Select(i => ranges[i])], cancellation).Size <= limit)
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
        while (chosen.Count > 0 && Allocator.Allocate([.. chosen.Order().Select(i => ranges[i])], cancellation).Size > limit)
            chosen.RemoveAt(chosen.Count - 1);
        return [.. chosen];
    }

    private static bool Alive(LiveRange range, int step) => range.Start <= step && step <= range.End;

    private sealed class Use(int start, int end, long size)
    {
        public int Start { get; set; } = start;

        public int End { get; set; } = end;

        public long Size { get; } = size;

        /// <summary>The piece whose place this one takes over.</summary>
        public object? Shared { get; set; }

        /// <summary>True if another piece takes over the place.</summary>
        public bool Replaced { get; set; }
    }
}
