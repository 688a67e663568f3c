using EthosU.Graphs;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>Decodes the weights of a convolution into an array <c>[output, row, column, input]</c>.</summary>
public static class WeightReader
{
    private const long LargestVolume = 1 << 27;

    /// <summary>Decodes a core's stream.</summary>
    /// <param name="stream">The compressed bytes.</param>
    /// <param name="geometry">The order of the weights.</param>
    /// <param name="place">Where the stream is, for messages.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <returns>The weights without padding, −255 to 255.</returns>
    /// <exception cref="ModelFormatException">The stream is damaged, or has not as many weights as the operation needs.</exception>
    public static short[] Read(ReadOnlySpan<byte> stream, in WeightGeometry geometry, string place, string fileName)
    {
        long length = WeightStreamOrder.Length(geometry);
        if (length > LargestVolume)
            throw new ModelFormatException(fileName, place, $"{length} weights are more than any stream holds");
        short[] sequence = WeightDecoder.Decode(stream, length, place, fileName);
        if (sequence.Length != length)
            throw new ModelFormatException(fileName, place, $"the weight stream holds {sequence.Length} weights, {length} are needed");
        Scatter scatter = new()
        {
            Sequence = sequence,
            Volume = new short[(long)geometry.OfmDepth * geometry.KernelHeight * geometry.KernelWidth
                * (geometry.IsDepthwise ? 1 : geometry.IfmDepth)],
        };
        WeightStreamOrder.Visit(geometry, ref scatter);
        return scatter.Volume;
    }

    private struct Scatter : IWeightVisitor
    {
        public required short[] Sequence;
        public required short[] Volume;
        private int position;

        public bool Run(long index, int count, int length)
        {
            if (count > 0)
                Sequence.AsSpan(position, count).CopyTo(Volume.AsSpan((int)index, count));
            position += length;
            return true;
        }
    }
}
