namespace EthosU.Npu.Tests.Weights;

/// <summary>Decodes weight streams as the format defines them, plainly and slowly.</summary>
internal sealed class WeightDecoder(byte[] stream)
{
    private long position;

    public static List<short> Decode(ReadOnlySpan<byte> stream) => new WeightDecoder(stream.ToArray()).Decode();

    private List<short> Decode()
    {
        var weights = new List<short>();
        int[]? palette = null;
        int offset = 0, paletteBits = 0;
        bool? zeroRuns = null;
        while (position + 3 <= stream.Length * 8L)
        {
            int zdiv = Read(3);
            if (zdiv == 7)
            {
                position = (position + 7) / 8 * 8;
                zeroRuns = null;
                continue;
            }
            Check(zdiv is not (4 or 5), "ZDIV");
            int count = Read(15) + 1, wdiv = Read(3);
            bool truncated = Read(1) == 1, newPalette = Read(1) == 1;
            Check(wdiv != 6, "WDIV");
            if (newPalette)
            {
                offset = Read(5);
                int size = Read(5);
                paletteBits = Read(3) + 2;
                palette = new int[size == 0 ? 0 : size + 1];
                for (int i = 0; i < palette.Length; i++)
                    palette[i] = Read(paletteBits);
                zeroRuns = zdiv != 6;
            }
            Check(palette is not null && zeroRuns == (zdiv != 6), "palette");
            int remainder = wdiv != 7 ? wdiv : palette!.Length == 0 ? paletteBits : 32 - int.LeadingZeroCount(palette.Length - 1);
            (List<int> indices, List<int> runs) = ReadBody(count, zdiv == 6 ? -1 : count + (newPalette ? 1 : 0), wdiv == 7, truncated, remainder, zdiv);
            int run = 0;
            if (zeroRuns == true && newPalette)
                weights.AddRange(new short[runs[run++]]);
            foreach (int index in indices)
            {
                Check(index <= 511, "index");
                int code = index < palette!.Length ? palette[index] : index - palette.Length + offset;
                Check(code <= 511, "code");
                weights.Add((short)((code & 1) != 0 ? -(code >> 1) : code >> 1));
                if (zeroRuns == true)
                    weights.AddRange(new short[runs[run++]]);
            }
        }
        return weights;
    }

    private (List<int> Indices, List<int> Runs) ReadBody(int weightCount, int runCount, bool raw, bool truncated, int remainder, int zdiv)
    {
        var indices = new List<int>();
        var runs = new List<int>();
        int doneWeights = 0, doneRuns = 0, weightQuotient = 0, runQuotient = 0, pendingWeights = 0, pendingRuns = 0;
        while (true)
        {
            bool weightsActive = doneWeights < weightCount && (runCount < 0 || doneWeights - doneRuns < 8);
            bool runsActive = runCount >= 0 && doneRuns < runCount && doneWeights - doneRuns >= 0;
            int oldWeights = doneWeights, oldRuns = doneRuns;
            int u0 = weightsActive && !raw ? Read(12) : 0;
            int zu = runsActive ? Read(zdiv < 3 ? 12 : 8) : 0;
            if (weightsActive && raw)
            {
                doneWeights = Math.Min(weightCount, doneWeights + (remainder <= 5 ? 12 : 8));
                indices.AddRange(new int[doneWeights - oldWeights]);
            }
            else if (weightsActive)
            {
                for (int i = 0; i < 12; i++)
                {
                    int digit = (u0 >> i & 1) == 0 ? 0 : 1 + Read(1);
                    if (doneWeights == weightCount)
                        continue;
                    weightQuotient += digit;
                    if (digit == 2 && !truncated)
                        continue;
                    Check(weightQuotient <= 31, "quotient");
                    indices.Add(weightQuotient << remainder);
                    weightQuotient = 0;
                    doneWeights++;
                }
            }
            if (runsActive)
            {
                for (int i = 0; i < (zdiv < 3 ? 12 : 8) && doneRuns < runCount; i++)
                {
                    if ((zu >> i & 1) == 1)
                    {
                        runQuotient++;
                        continue;
                    }
                    runs.Add(runQuotient << zdiv);
                    runQuotient = 0;
                    doneRuns++;
                }
            }
            for (; pendingWeights < oldWeights; pendingWeights++)
                indices[pendingWeights] += Read(remainder);
            for (; pendingRuns < oldRuns; pendingRuns++)
                runs[pendingRuns] += Read(zdiv);
            if (!weightsActive && !runsActive)
                return (indices, runs);
        }
    }

    private int Read(int count)
    {
        Check(position + count <= stream.Length * 8L, "end of data");
        int value = 0;
        for (int i = 0; i < count; i++, position++)
            value |= (stream[position >> 3] >> (int)(position & 7) & 1) << i;
        return value;
    }

    private static void Check(bool condition, string what)
    {
        if (!condition)
            throw new InvalidDataException($"the stream is wrong: {what}");
    }
}
