using EthosU.Graphs;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>Decodes the weights of a convolution for an engine into an array <c>[output, row, column, input]</c> (npu-u85 7).</summary>
public static class EngineWeightReader
{
    private const long LargestVolume = 1 << 27;
    private const int SparseGroup = 4, SparseZeros = 2, SparseLargest = 127;

    /// <summary>Decodes the streams of an operation.</summary>
    /// <param name="streams">The bytes: a stream for each decoder, or one for all in the fast form.</param>
    /// <param name="geometry">The order of the weights.</param>
    /// <param name="place">Where the streams are, for messages.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <returns>The weights without padding, and what is not as hardware expects it; null if nothing.</returns>
    /// <exception cref="ModelFormatException">A stream is damaged, or has not as many weights as the operation needs.</exception>
    public static (short[] Volume, string? Problem) Read(byte[][] streams, EngineWeightGeometry geometry, string place, string fileName)
    {
        EngineWeightOrder order = new(geometry);
        long length = order.Length(), size = (long)geometry.OfmDepth * geometry.Kernel.Taps * geometry.IfmDepth;
        if (length * geometry.Decoders > LargestVolume || size > LargestVolume)
            throw new ModelFormatException(fileName, place, $"{length * geometry.Decoders} weights are more than any stream holds");
        short[][] sequences;
        string? problem = null;
        if (geometry.Form.IsFast)
            (sequences, problem) = Fast(streams[0], geometry, length, place, fileName);
        else
            sequences = [.. streams.Select((stream, decoder) => Standard(stream, length, $"{place}, decoder {decoder}", fileName))];
        Scatter scatter = new() { Sequence = [], Volume = new short[size] };
        for (int decoder = 0; decoder < geometry.Decoders; decoder++)
        {
            scatter.Sequence = sequences[decoder];
            scatter.Position = 0;
            order.Visit(decoder, ref scatter);
        }
        problem ??= scatter.HasPadding ? "places of the weight stream that belong to no weight are not 0" : null;
        problem ??= geometry.Form.IsSparse && !IsSparse(scatter.Volume, geometry.IfmDepth)
            ? "the weights are called 2:4 sparse, but are not" : null;
        return (scatter.Volume, problem);
    }

    private static short[] Standard(byte[] stream, long length, string place, string fileName)
    {
        short[] sequence = WeightDecoder.Decode(stream, length, place, fileName);
        return sequence.Length == length ? sequence
            : throw new ModelFormatException(fileName, place, $"the weight stream holds {sequence.Length} weights, {length} are needed");
    }

    /// <summary>Takes the pieces of the decoders' sequences apart.</summary>
    private static (short[][] Sequences, string? Problem) Fast(byte[] stream, in EngineWeightGeometry geometry, long length, string place,
        string fileName)
    {
        int decoders = geometry.Decoders, piece = geometry.TapWeights * geometry.TapUnit;
        (short[] all, string? problem) = FastWeights.Decode(stream, length * decoders, place, fileName);
        short[][] sequences = [.. Enumerable.Range(0, decoders).Select(_ => new short[length])];
        int from = 0;
        for (int start = 0; start < length; start += piece)
            foreach (short[] sequence in sequences)
            {
                int count = (int)Math.Min(piece, length - start);
                all.AsSpan(from, count).CopyTo(sequence.AsSpan(start));
                from += count;
            }
        return (sequences, problem);
    }

    private static bool IsSparse(short[] volume, int depth)
    {
        for (int start = 0; start < volume.Length; start += depth)
            for (int group = 0; group < depth; group += SparseGroup)
            {
                ReadOnlySpan<short> weights = volume.AsSpan(start + group, Math.Min(SparseGroup, depth - group));
                if (weights.Length - weights.Count((short)0) > SparseGroup - SparseZeros
                    || weights.ContainsAnyExceptInRange((short)-SparseLargest, (short)SparseLargest))
                    return false;
            }
        return true;
    }

    private struct Scatter : IWeightVisitor
    {
        public required short[] Sequence;
        public required short[] Volume;
        public int Position;
        public bool HasPadding;

        public bool Run(long index, int count, int length)
        {
            if (count > 0)
                Sequence.AsSpan(Position, count).CopyTo(Volume.AsSpan((int)index, count));
            HasPadding |= Sequence.AsSpan(Position + count, length - count).ContainsAnyExcept((short)0);
            Position += length;
            return true;
        }
    }
}
