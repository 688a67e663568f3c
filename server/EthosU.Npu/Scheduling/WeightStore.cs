using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Scheduling;

/// <summary>Encodes weights, each stream once, and stores in the read-only data those that are used in the end.</summary>
/// <param name="accelerator">The accelerator.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class WeightStore(Accelerator accelerator, CancellationToken cancellation)
{
    private readonly Dictionary<WeightKey, PackedWeights> encoded = [];
    private readonly Dictionary<WeightKey, long> places = [];

    /// <summary>Encodes the weights of many operations at once.</summary>
    /// <param name="ops">The operations.</param>
    /// <param name="progress">Told which share is done.</param>
    public void Encode(IEnumerable<PlannedOp> ops, Action<double>? progress = null)
    {
        WeightKey[] keys = [.. ops.Where(static op => op.Op.HasWeights).Select(static op => op.WeightKey).Distinct()
            .Where(key => !encoded.ContainsKey(key))];
        // The longest first, so that the last ones do not run alone.
        int[] order = [.. Enumerable.Range(0, keys.Length).OrderByDescending(i => keys[i].Weights.Filter.Length)];
        long total = Math.Max(1, keys.Sum(static key => (long)key.Weights.Filter.Length)), done = 0;
        var packed = new PackedWeights[keys.Length];
        ParallelLoop.ForEach(order, i =>
        {
            packed[i] = Pack(accelerator, keys[i], cancellation);
            long now = Interlocked.Add(ref done, keys[i].Weights.Filter.Length);
            progress?.Invoke((double)now / total);
        }, cancellation);
        for (int i = 0; i < keys.Length; i++)
            encoded.Add(keys[i], packed[i]);
    }

    /// <summary>The encoded weights of an operation.</summary>
    public StoredWeights Of(PlannedOp op)
    {
        if (!encoded.TryGetValue(op.WeightKey, out PackedWeights? packed))
            encoded.Add(op.WeightKey, packed = Pack(accelerator, op.WeightKey, cancellation));
        return new(packed, op.Cut == 0 ? packed.Ranges : [.. packed.Ranges.Where(range => range.SliceStart == op.FirstChannel)]);
    }

    /// <summary>
    /// Sizes of an operation's weights; a guess for parts of an operation that are not encoded yet, as encoding takes long.
    /// </summary>
    public WeightSizes SizesOf(PlannedOp op)
    {
        if (op.Cut == 0 || encoded.ContainsKey(op.WeightKey))
            return Of(op).Sizes;
        WeightSizes whole = Of(op with { Cut = 0, FirstChannel = 0 }).Sizes;
        long Part(long bytes) => ((bytes * op.Op.Ofm.Depth / op.Op.Weights!.OutputDepth) + 15) / 16 * 16;
        return new(Part(whole.Weights), Part(whole.Scales));
    }

    /// <summary>Gives the weights of operations their places, in the order of their first use.</summary>
    public void Place(IEnumerable<PlannedOp> ops, ReadOnlyArea constants)
    {
        foreach (PlannedOp op in ops)
            if (op.Op.HasWeights && !places.ContainsKey(op.WeightKey))
                places.Add(op.WeightKey, constants.Add(Of(op).Packed.Bytes));
    }

    /// <summary>Where an operation's weights lie, all its parts together.</summary>
    public long AddressOf(PlannedOp op) => places[op.WeightKey];

    private static PackedWeights Pack(Accelerator accelerator, WeightKey key, CancellationToken cancellation)
    {
        NpuWeights weights = key.Weights;
        WeightVolume volume = new(weights.Filter, weights.OutputDepth, weights.Height, weights.Width, weights.InputDepth);
        var records = new ScaleRecord[weights.OutputDepth];
        for (int i = 0; i < records.Length; i++)
            records[i] = new(weights.Biases[i], weights.Scales[i]);
        return NpuArchitecture.Of(accelerator).Weights.Pack(accelerator, volume, records, key.Traversal, key.IfmBits, key.BlockDepth,
            key.DilationY, key.DilationX, key.Cut == 0 ? [0, weights.OutputDepth] : [0, key.Cut, weights.OutputDepth], cancellation);
    }
}
