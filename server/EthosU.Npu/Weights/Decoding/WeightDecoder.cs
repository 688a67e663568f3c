using EthosU.Graphs;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>Decodes the compressed weight stream (npu-weights 2).</summary>
public static class WeightDecoder
{
    /// <summary>Decodes a stream.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="limit">No more weights than this are expected; more are an error.</param>
    /// <param name="place">Where the stream is, for messages.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <returns>The weights in the stream's order, −255 to 255.</returns>
    /// <exception cref="ModelFormatException">The stream is damaged or holds more weights.</exception>
    public static short[] Decode(ReadOnlySpan<byte> stream, long limit, string place, string fileName)
    {
        SliceDecoder decoder = new(stream, limit);
        string? problem = decoder.Run();
        return problem is null ? decoder.Weights
            : throw new ModelFormatException(fileName, place, $"the weight stream is damaged at bit {decoder.Position}: {problem}");
    }
}
