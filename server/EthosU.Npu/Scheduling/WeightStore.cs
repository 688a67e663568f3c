using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Scheduling;

/// <summary>Encodes the weights of all operations and stores them in the read-only data.</summary>
internal sealed class WeightStore
{
    private readonly Dictionary<WeightKey, (long Address, PackedWeights Packed)> stored = [];

    /// <summary>Encodes weights; each stream once, in the order of its first use.</summary>
    public WeightStore(Accelerator accelerator, IEnumerable<PlannedOp> ops, ReadOnlyArea constants, Action<double>? progress,
        CancellationToken cancellation)
    {
        WeightKey[] keys = [.. ops.Where(op => op.Op.HasWeights).Select(op => op.WeightKey).Distinct()];
        // The longest first, so that the last ones do not run alone.
        int[] order = [.. Enumerable.Range(0, keys.Length).OrderByDescending(i => keys[i].Weights.Filter.Length)];
        long total = Math.Max(1, keys.Sum(key => (long)key.Weights.Filter.Length)), done = 0;
        var packed = new PackedWeights[keys.Length];
        ParallelLoop.ForEach(order, i =>
        {
            packed[i] = Pack(accelerator, keys[i], cancellation);
            long now = Interlocked.Add(ref done, keys[i].Weights.Filter.Length);
            progress?.Invoke((double)now / total);
        }, cancellation);
        for (int i = 0; i < keys.Length; i++)
            stored.Add(keys[i], (constants.Add(packed[i].Bytes), packed[i]));
    }

    /// <summary>Place and parts of an operation's weights.</summary>
    public (long Address, PackedWeights Packed) Of(PlannedOp op) => stored[op.WeightKey];

    private static PackedWeights Pack(Accelerator accelerator, WeightKey key, CancellationToken cancellation)
    {
        NpuWeights weights = key.Weights;
        WeightVolume volume = new(weights.Filter, weights.OutputDepth, weights.Height, weights.Width, weights.InputDepth);
        var records = new ScaleRecord[weights.OutputDepth];
        for (int i = 0; i < records.Length; i++)
            records[i] = new(weights.Biases[i], weights.Scales[i]);
        return NpuArchitecture.Of(accelerator).Weights.Pack(accelerator, volume, records, key.Traversal, key.IfmBits, key.BlockDepth,
            key.DilationY, key.DilationX, [0, weights.OutputDepth], cancellation);
    }
}
