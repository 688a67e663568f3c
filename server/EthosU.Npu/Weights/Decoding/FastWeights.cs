using System.Buffers.Binary;
using EthosU.Graphs;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>Decodes the form of weights that is read at a fixed rate: raw bytes, or indices of a palette (npu-u85 7.3).</summary>
internal static class FastWeights
{
    private const int HeaderBytes = 32, PaletteSize = 16, PaletteBits = 9, PaletteStart = 112, Unit = 32;

    /// <summary>Decodes a stream.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="count">Number of weights that are expected.</param>
    /// <param name="place">Where the stream is, for messages.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <returns>The weights, and what is not as it should be though it can be read; null if nothing.</returns>
    /// <exception cref="ModelFormatException">The stream has not as many weights.</exception>
    public static (short[] Weights, string? Problem) Decode(ReadOnlySpan<byte> stream, long count, string place, string fileName)
    {
        if (stream.Length < HeaderBytes)
            throw new ModelFormatException(fileName, place, $"a fast weight stream of {stream.Length} bytes has no header");
        bool raw = (stream[0] & 1) != 0;
        int bits = raw ? 8 : (stream[0] & 2) != 0 ? 2 : 4;
        long needed = HeaderBytes + (((count * bits + 7) / 8) + Unit - 1) / Unit * Unit;
        if (stream.Length != needed)
            throw new ModelFormatException(fileName, place,
                $"the fast weight stream has {stream.Length} bytes, {count} weights of {bits} bits need {needed}");
        string? problem =
            (stream[0] & 0xFC) != 0 || stream[1..13].ContainsAnyExcept((byte)0) ? "reserved bits of the header are set" : null;
        int adjustment = (sbyte)stream[13];
        short[] palette = Palette(stream[..HeaderBytes]);
        var weights = new short[count];
        for (int i = 0; i < weights.Length; i++)
        {
            int at = HeaderBytes + (int)((long)i * bits / 8), shift = (int)((long)i * bits % 8);
            weights[i] = raw ? (short)((sbyte)stream[at] - adjustment) : palette[stream[at] >> shift & ((1 << bits) - 1)];
        }
        long used = count * bits;
        for (long bit = used; bit < 8L * (stream.Length - HeaderBytes); bit++)
            if ((stream[HeaderBytes + (int)(bit / 8)] >> (int)(bit % 8) & 1) != 0)
                return (weights, "bits behind the last weight are set");
        return (weights, problem);
    }

    private static short[] Palette(ReadOnlySpan<byte> header)
    {
        var palette = new short[PaletteSize];
        for (int i = 0; i < PaletteSize; i++)
        {
            int bit = PaletteStart + (i * PaletteBits);
            int code = (BinaryPrimitives.ReadUInt16LittleEndian(header[Math.Min(bit / 8, HeaderBytes - 2)..])
                >> (bit - (8 * Math.Min(bit / 8, HeaderBytes - 2)))) & ((1 << PaletteBits) - 1);
            palette[i] = (short)((code & 1) != 0 ? -(code >> 1) : code >> 1);
        }
        return palette;
    }
}
