using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Architectures.EthosU55;

/// <summary>A stream of weights and one of scale records for each core (npu-weights 1).</summary>
internal sealed class WeightPacker : IWeightFormat
{
    /// <inheritdoc/>
    public WeightTraversal ChooseTraversal(int inputs, int taps, int ifmBits) => WeightOrder.Choose(inputs, taps, ifmBits);

    /// <inheritdoc/>
    public PackedWeights Pack(
        Accelerator accelerator, WeightVolume volume, ReadOnlyMemory<ScaleRecord> records, WeightTraversal traversal, int ifmBits,
        int blockDepth, int dilationY, int dilationX, ImmutableArray<int> depthOffsets, CancellationToken cancellation = default)
    {
        Check(accelerator, volume, records.Length, blockDepth, depthOffsets);
        int streamsPerSlice = Math.Min(accelerator.Cores, volume.Outputs);
        var parts = new (byte[] Scales, byte[] Weights)[(depthOffsets.Length - 1) * streamsPerSlice];
        ParallelLoop.For(parts.Length, i =>
        {
            int start = depthOffsets[i / streamsPerSlice], core = i % streamsPerSlice;
            int count = (depthOffsets[i / streamsPerSlice + 1] - start - core + accelerator.Cores - 1) / accelerator.Cores;
            var order = WeightOrder.For(accelerator, core, traversal, ifmBits, blockDepth, dilationY, dilationX);
            parts[i] = count <= 0
                ? ([], [])
                : (PackRecords(records.Span, start + core, accelerator.Cores, count),
                    WeightStreamEncoder.Encode(order.Linearize(volume, start + core, accelerator.Cores, count), cancellation));
        }, cancellation);
        return Join(parts, depthOffsets, streamsPerSlice);
    }

    private static PackedWeights Join((byte[] Scales, byte[] Weights)[] parts, ImmutableArray<int> depthOffsets, int streamsPerSlice)
    {
        var ranges = ImmutableArray.CreateBuilder<WeightRange>(parts.Length);
        int offset = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            ranges.Add(new(depthOffsets[i / streamsPerSlice], i % streamsPerSlice, offset, parts[i].Scales.Length,
                parts[i].Weights.Length));
            offset = checked(offset + ranges[i].TotalBytes);
        }
        var bytes = new byte[offset];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].Scales.CopyTo(bytes, ranges[i].Offset);
            parts[i].Weights.CopyTo(bytes, ranges[i].Offset + ranges[i].WeightOffset);
        }
        return new(bytes, ranges.MoveToImmutable());
    }

    private static byte[] PackRecords(ReadOnlySpan<ScaleRecord> records, int first, int step, int count)
    {
        var bytes = new byte[count * ScaleRecord.ByteCount];
        for (int i = 0; i < count; i++)
            records[first + i * step].Write(bytes.AsSpan(i * ScaleRecord.ByteCount));
        return bytes;
    }

    private static void Check(Accelerator accelerator, WeightVolume volume, int records, int blockDepth, ImmutableArray<int> depthOffsets)
    {
        if (records != volume.Outputs)
            throw new ArgumentException($"{records} scale records are given for {volume.Outputs} output channels", nameof(records));
        bool inOrder = depthOffsets.Length >= 2 && depthOffsets[0] == 0 && depthOffsets[^1] == volume.Outputs;
        for (int i = 1; i < depthOffsets.Length && inOrder; i++)
            inOrder = depthOffsets[i] > depthOffsets[i - 1]
                && (i == depthOffsets.Length - 1 || depthOffsets[i] % Accelerator.OfmSplitDepth == 0);
        if (!inOrder)
            throw new ArgumentException($"[{string.Join(", ", depthOffsets)}] are no depth slices of {volume.Outputs} channels",
                nameof(depthOffsets));
        if (blockDepth <= 0 || (blockDepth < volume.Outputs && blockDepth % (accelerator.OfmMicroBlock.Depth * accelerator.Cores) != 0))
            throw new ArgumentOutOfRangeException(nameof(blockDepth), blockDepth,
                "a block that splits the depth must be whole micro-blocks on each core");
    }
}
