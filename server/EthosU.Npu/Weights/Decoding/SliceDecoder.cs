using System.Numerics;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>The decoder's state: the palette in force and the weights so far (npu-weights 2.3 to 2.8).</summary>
internal ref struct SliceDecoder(ReadOnlySpan<byte> stream, long limit)
{
    private const int ZeroRunsOff = 6;
    private const int EndOfStream = 7;
    private const int Raw = 7;
    private const int LargestCode = 511;
    private const int DigitsPerChunk = 12;
    private const int WideRawWeightsPerChunk = 8;
    private const int Lead = 8;

    private readonly long limit = limit;
    private WeightBits bits = new(stream);
    private readonly int[] palette = new int[32];
    private int paletteSize;
    private int paletteBits;
    private int directOffset;
    private bool hasPalette;
    private bool zeroRuns;
    private short[] weights = new short[Math.Min(limit, 1 << 16)];
    private int count;

    /// <summary>Next bit.</summary>
    public readonly long Position => bits.Position;

    /// <summary>The weights decoded.</summary>
    public readonly short[] Weights => weights.Length == count ? weights : weights[..count];

    /// <summary>Decodes all slices; what is wrong, or null.</summary>
    public string? Run()
    {
        while (bits.Position + 3 <= bits.Length)
        {
            int zeroParameter = (int)bits.Read(3);
            if (zeroParameter == EndOfStream)
            {
                bits.AlignToByte();
                hasPalette = false;
                continue;
            }
            if (zeroParameter is 4 or 5)
                return "an unused zero-run code";
            if (Slice(zeroParameter) is { } problem)
                return problem;
        }
        return null;
    }

    private string? Slice(int zeroParameter)
    {
        int weightCount = (int)bits.Read(15) + 1;
        int weightParameter = (int)bits.Read(3);
        bool truncated = bits.Read(1) != 0;
        bool newPalette = bits.Read(1) != 0;
        bool runs = zeroParameter != ZeroRunsOff;
        if (weightParameter == 6)
            return "an unused weight code";
        if (!newPalette && (!hasPalette || runs != zeroRuns))
            return "a slice without the palette that it needs";
        if (newPalette)
            ReadPalette();
        zeroRuns = runs;
        if (bits.IsOverrun)
            return "it ends inside a header";

        bool raw = weightParameter == Raw;
        int weightBits = !raw ? weightParameter : paletteSize > 0 ? BitOperations.Log2((uint)paletteSize - 1) + 1 : paletteBits;
        int runCount = runs ? weightCount + (newPalette ? 1 : 0) : 0;
        // Every weight and run takes a bit at least, so that what the bytes cannot hold is not allocated.
        if ((long)weightCount + runCount > bits.Length - bits.Position + Lead)
            return "it ends inside a slice";
        var indices = new int[weightCount];
        var lengths = new long[runCount];
        SliceBody body = new()
        {
            Indices = indices,
            Runs = lengths,
            IsRaw = raw,
            IsTruncated = truncated,
            WeightBits = weightBits,
            RunBits = runs ? zeroParameter : 0,
            RawPerChunk = weightBits > 5 ? WideRawWeightsPerChunk : DigitsPerChunk,
        };
        return body.Read(ref bits) ?? Emit(indices, lengths, newPalette);
    }

    private void ReadPalette()
    {
        directOffset = (int)bits.Read(5);
        int size = (int)bits.Read(5);
        paletteSize = size == 0 ? 0 : size + 1;
        paletteBits = (int)bits.Read(3) + 2;
        for (int i = 0; i < paletteSize; i++)
            palette[i] = (int)bits.Read(paletteBits);
        hasPalette = true;
    }

    private string? Emit(int[] indices, long[] runs, bool leadingRun)
    {
        int run = 0;
        if (leadingRun && runs.Length > 0 && !Zeros(runs[run++]))
            return "it holds more weights than the operation has";
        foreach (int index in indices)
        {
            int code = index < paletteSize ? palette[index] : index - paletteSize + directOffset;
            if (code > LargestCode)
                return $"weight code {code} is too large";
            if (!Reserve(1))
                return "it holds more weights than the operation has";
            int magnitude = code >> 1;
            weights[count++] = (short)((code & 1) != 0 ? -magnitude : magnitude);
            if (runs.Length > 0 && !Zeros(runs[run++]))
                return "it holds more weights than the operation has";
        }
        return null;
    }

    private bool Zeros(long number)
    {
        if (!Reserve(number))
            return false;
        weights.AsSpan(count, (int)number).Clear();
        count += (int)number;
        return true;
    }

    private bool Reserve(long number)
    {
        long needed = count + number;
        if (needed > limit)
            return false;
        if (needed > weights.Length)
            Array.Resize(ref weights, (int)Math.Min(limit, Math.Max(needed, 2L * weights.Length)));
        return true;
    }
}
