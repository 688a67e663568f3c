using System.Runtime.CompilerServices;

namespace EthosU.Npu.Weights;

/// <summary>
/// Finds the palette and the way of coding zeros that make a section shortest, on its statistics alone. The bits are exact
/// but for the filler at the end of slices, and for more than one slice in the section. Not safe for several threads.
/// </summary>
internal sealed class PaletteSearch
{
    private const int MaxDivisor = 5, MaxEntries = 32, MaxQuotient = 31, HeaderBits = 23 + 13;

    private static readonly int[] FewSizes = [0, 2, 3, 4, 6, 8, 12, 16, 24, 32];
    private static readonly int[] AllSizes = [0, .. Enumerable.Range(2, 31)];

    // atLeast[c + Bias]: weights whose code is at least c.
    private const int Bias = 64;
    private readonly int[] atLeast = new int[SectionStatistics.CodeCount + 2 * Bias];
    private readonly long[] ranked = new long[MaxEntries];
    private readonly bool[] inPalette = new bool[SectionStatistics.CodeCount];
    private int rankedCount;

    /// <summary>Bits that the best of some palettes needs.</summary>
    public long Cost(SectionStatistics statistics) => Search(statistics, FewSizes).Bits;

    /// <summary>The best palette, and the bits it needs.</summary>
    public (WeightPalette Palette, long Bits) Find(SectionStatistics statistics)
    {
        (long bits, bool runs, int size) = Search(statistics, AllSizes);
        return (Build(statistics, runs, size), bits);
    }

    private (long Bits, bool Runs, int Size) Search(SectionStatistics statistics, int[] sizes)
    {
        (long Bits, bool Runs, int Size) best = (long.MaxValue, false, 0);
        int zeros = statistics.Counts[0];
        for (int mode = 0; mode < 2; mode++)
        {
            bool runs = mode == 1;
            if (runs && zeros == 0)
                break;
            int total = statistics.Total - (runs ? zeros : 0);
            long zeroBits = 0;
            if (runs)
            {
                zeroBits = long.MaxValue;
                for (int d = 0; d <= SectionStatistics.MaxZeroDivisor; d++)
                    zeroBits = Math.Min(zeroBits, statistics.RunBits(d) + 1 + d);
                if (total == 0)
                {
                    // One zero as a weight, the others as a run of the longest Rice code.
                    long allZeros = HeaderBits + 1 + (statistics.Total >> SectionStatistics.MaxZeroDivisor) + 8;
                    if (allZeros < best.Bits)
                        best = (allZeros, true, 0);
                    break;
                }
            }
            (long bits, int size) = SearchSizes(statistics, runs, total, sizes);
            if (bits + zeroBits < best.Bits)
                best = (bits + zeroBits, runs, size);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (long Bits, int Size) SearchSizes(SectionStatistics statistics, bool runs, int total, int[] sizes)
    {
        ReadOnlySpan<int> counts = statistics.Counts;
        int lowest = Rank(statistics, runs, total), highest = statistics.MaxCode;
        int entryCodes = 0, known = 0;
        (long Bits, int Size) best = (long.MaxValue, 0);
        foreach (int size in sizes)
        {
            // A palette of one entry cannot be written; a single value gets a second entry that is not used.
            int used = Math.Min(size, rankedCount);
            if (size - used > (rankedCount == 1 ? 1 : 0))
                break;
            for (; known < used; known++)
            {
                int code = Code(ranked[known]);
                inPalette[code] = true;
                entryCodes |= code;
            }
            while (lowest <= highest && (inPalette[lowest] || counts[lowest] == 0))
                lowest++;
            while (highest >= lowest && (inPalette[highest] || counts[highest] == 0))
                highest--;
            bool direct = lowest <= highest;
            int offset = size - (direct ? Math.Min(31, lowest) : 0);
            int maxIndex = direct ? highest + offset : used - 1;
            if (maxIndex >= SectionStatistics.CodeCount)
                continue;
            long bits = HeaderBits + size * Math.Max(2, WeightPalette.BitLength(entryCodes))
                + CodeBits(total, size, used, offset, maxIndex, direct);
            if (bits < best.Bits)
                best = (bits, size);
        }
        for (int i = 0; i < known; i++)
            inPalette[Code(ranked[i])] = false;
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long CodeBits(int total, int size, int used, int offset, int maxIndex, bool direct)
    {
        long best = long.MaxValue;
        if (size == 0)
            best = (long)total * Math.Max(2, WeightPalette.BitLength(maxIndex));
        else if (!direct)
            best = (long)total * WeightPalette.BitLength(size - 1);
        for (int divisor = 0; divisor <= MaxDivisor; divisor++)
        {
            int maxQuotient = maxIndex >> divisor;
            if (maxQuotient > MaxQuotient)
                continue;
            long fixedBits = (long)total * (1 + divisor);
            if (fixedBits >= best)
                break;
            long quotients = 0, beyondZero = 0;
            for (int i = 0; i < used; i++)
            {
                // What the sums below count for this code is replaced by what its palette index counts.
                int count = Count(ranked[i]), place = i >> divisor;
                int behind = direct ? Math.Min(Math.Max(0, Code(ranked[i]) + offset) >> divisor, maxQuotient) : 0;
                quotients += (long)count * (place - behind);
                beyondZero += (place > 0 ? count : 0) - (behind > 0 ? count : 0);
            }
            if (direct)
            {
                beyondZero += atLeast[(1 << divisor) - offset + Bias];
                for (int q = 1, threshold = (1 << divisor) - offset + Bias; q <= maxQuotient; q++, threshold += 1 << divisor)
                    quotients += atLeast[Math.Min(threshold, atLeast.Length - 1)];
            }
            best = Math.Min(best, fixedBits + quotients);
            if (maxQuotient <= 2)
                best = Math.Min(best, fixedBits + beyondZero);
        }
        return best;
    }

    /// <summary>Sorts the most frequent codes and counts codes from above.</summary>
    /// <returns>The smallest code that can occur.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Rank(SectionStatistics statistics, bool runs, int total)
    {
        ReadOnlySpan<int> counts = statistics.Counts;
        int first = runs ? 1 : 0, sum = 0;
        rankedCount = 0;
        Array.Clear(atLeast, statistics.MaxCode + 1 + Bias, atLeast.Length - statistics.MaxCode - 1 - Bias);
        for (int code = statistics.MaxCode; code >= first; code--)
        {
            sum += counts[code];
            atLeast[code + Bias] = sum;
        }
        Array.Fill(atLeast, total, 0, first + Bias);
        for (int code = first; code <= statistics.MaxCode; code++)
        {
            if (counts[code] == 0)
                continue;
            long key = ((long)counts[code] << 16) | (uint)(SectionStatistics.CodeCount - code);
            if (rankedCount == MaxEntries && key < ranked[MaxEntries - 1])
                continue;
            int at = rankedCount == MaxEntries ? MaxEntries - 1 : rankedCount++;
            for (; at > 0 && ranked[at - 1] < key; at--)
                ranked[at] = ranked[at - 1];
            ranked[at] = key;
        }
        return first;
    }

    private WeightPalette Build(SectionStatistics statistics, bool runs, int size)
    {
        int total = statistics.Total - (runs ? statistics.Counts[0] : 0);
        if (total == 0)
            return new(runs, [], 0, 0);
        int lowest = Rank(statistics, runs, total);
        var entries = new ushort[size];
        for (int i = 0; i < size; i++)
            entries[i] = (ushort)Code(ranked[Math.Min(i, rankedCount - 1)]);
        int highest = -1, directLowest = -1;
        for (int code = lowest; code <= statistics.MaxCode; code++)
        {
            if (statistics.Counts[code] == 0 || entries.Contains((ushort)code))
                continue;
            directLowest = directLowest < 0 ? code : directLowest;
            highest = code;
        }
        int directOffset = directLowest < 0 ? 0 : Math.Min(31, directLowest);
        int maxIndex = highest >= 0 ? highest - directOffset + size : Math.Min(size, rankedCount) - 1;
        return new(runs, entries, directOffset, maxIndex);
    }

    private static int Count(long key) => (int)(key >> 16);

    private static int Code(long key) => SectionStatistics.CodeCount - (int)(key & 0xFFFF);
}
