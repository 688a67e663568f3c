using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EthosU.Npu.Weights;

/// <summary>
/// Cuts a section into slices and chooses each slice's way of coding: the cheapest path over groups of eight weights, where
/// a change of way costs a header and what chunks waste at their ends (npu-weights 3.3, step 4).
/// </summary>
internal static class SlicePlanner
{
    private const int GroupLength = 8, MaxSlice = 32767;
    private const int HeaderBits = 23, Filler = 6;
    private const int MaxRunBits = 4000;

    /// <summary>The slices of a section, in order.</summary>
    /// <param name="indices">Indices of the coded weights; at least one.</param>
    /// <param name="runs">Zeros before each coded weight and behind the last; empty if zeros are coded as weights.</param>
    /// <param name="rawBits">Bits of a raw index; 0 if raw coding is not possible.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static List<SliceCoding> Plan(ReadOnlySpan<ushort> indices, ReadOnlySpan<int> runs, int rawBits)
    {
        Vector256<ushort>[] table = IndexCoding.Table(rawBits);
        int divisors = runs.IsEmpty ? 1 : SectionStatistics.MaxZeroDivisor + 1;
        int groups = (indices.Length + GroupLength - 1) / GroupLength;
        var from = new byte[groups];
        var changed = new ulong[groups];
        var change = Vector256.Create((ushort)(HeaderBits + (runs.IsEmpty ? Filler : 2 * Filler)));
        Span<Vector256<ushort>> costs = stackalloc Vector256<ushort>[divisors];
        costs.Clear();
        Span<int> runBits = stackalloc int[divisors];
        for (int g = 0; g < groups; g++)
        {
            int start = g * GroupLength, end = Math.Min(start + GroupLength, indices.Length);
            Vector256<ushort> sum = Vector256<ushort>.Zero;
            foreach (ushort index in indices[start..end])
                sum += table[index];
            if (!runs.IsEmpty)
                CountRunBits(runs[(g == 0 ? 0 : start + 1)..(end + 1)], runBits);
            int best = ArgMin(costs);
            from[g] = (byte)best;
            var least = Vector256.Create(costs[best >> 4].GetElement(best & 15));
            for (int d = 0; d < divisors; d++)
            {
                Vector256<ushort> relative = costs[d] - least;
                Vector256<ushort> kept = Vector256.Min(relative, change);
                changed[g] |= (ulong)(uint)(Vector256.ExtractMostSignificantBits(Vector256.Equals(kept, relative)) ^ 0xFFFF) << (16 * d);
                costs[d] = kept + sum + Vector256.Create((ushort)runBits[d]);
            }
        }
        return Trace(indices, runs, rawBits, from, changed, ArgMin(costs));
    }

    private static List<SliceCoding> Trace(
        ReadOnlySpan<ushort> indices, ReadOnlySpan<int> runs, int rawBits, byte[] from, ulong[] changed, int state)
    {
        var slices = new List<SliceCoding>();
        int end = indices.Length;
        for (int g = from.Length - 1; g >= 0; g--)
        {
            bool change = (changed[g] >> state & 1) != 0;
            int start = g * GroupLength;
            // Too long a slice is cut at its front, so that the first one of the section may be short.
            bool cut = !change && g > 0 && end - start + GroupLength > MaxSlice;
            if (g == 0 || change || cut)
            {
                slices.Add(Refine(indices, runs, rawBits, start, end - start));
                end = start;
            }
            if (change)
                state = from[g];
        }
        slices.Reverse();
        return slices;
    }

    /// <summary>The best way for a slice by its exact length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static SliceCoding Refine(ReadOnlySpan<ushort> indices, ReadOnlySpan<int> runs, int rawBits, int start, int count)
    {
        Span<int> histogram = stackalloc int[SectionStatistics.CodeCount];
        histogram.Clear();
        int maxIndex = 0;
        foreach (ushort index in indices.Slice(start, count))
        {
            histogram[index]++;
            maxIndex = Math.Max(maxIndex, index);
        }
        long best = long.MaxValue;
        int coding = 0;
        for (int c = 0; c < IndexCoding.Count; c++)
        {
            if (IndexCoding.Bits(maxIndex, c, rawBits) >= IndexCoding.Impossible)
                continue;
            long bits = 0, digits = 0;
            for (int index = 0; index <= maxIndex; index++)
            {
                bits += (long)histogram[index] * IndexCoding.Bits(index, c, rawBits);
                digits += histogram[index] * (IndexCoding.IsTruncated(c) ? 1 : (index >> IndexCoding.Divisor(c)) / 2 + 1);
            }
            if (c != IndexCoding.Raw)
                bits += (12 - digits % 12) % 12;
            if (bits < best)
                (best, coding) = (bits, c);
        }
        if (runs.IsEmpty)
            return new(start, count, coding, 0);

        best = long.MaxValue;
        int divisor = 0;
        ReadOnlySpan<int> ownRuns = runs[(start == 0 ? 0 : start + 1)..(start + count + 1)];
        for (int d = 0; d <= SectionStatistics.MaxZeroDivisor; d++)
        {
            long unary = 0;
            foreach (int run in ownRuns)
                unary += (run >> d) + 1;
            int chunk = d < 3 ? 12 : 8;
            long bits = (unary + chunk - 1) / chunk * chunk + (long)d * ownRuns.Length;
            if (bits < best)
                (best, divisor) = (bits, d);
        }
        return new(start, count, coding, divisor);
    }

    /// <summary>Bits of runs for each Rice parameter, less those of the best.</summary>
    private static void CountRunBits(ReadOnlySpan<int> runs, Span<int> bits)
    {
        bits.Clear();
        foreach (int run in runs)
            for (int d = 0; d < bits.Length; d++)
                bits[d] = (int)Math.Min(int.MaxValue / 2, (long)bits[d] + (run >> d) + 1 + d);
        int least = int.MaxValue;
        foreach (int value in bits)
            least = Math.Min(least, value);
        for (int d = 0; d < bits.Length; d++)
            bits[d] = Math.Min(bits[d] - least, MaxRunBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ArgMin(ReadOnlySpan<Vector256<ushort>> vectors)
    {
        int best = 0, least = int.MaxValue;
        for (int v = 0; v < vectors.Length; v++)
        {
            (int value, int lane) = LaneMin(vectors[v]);
            if (value < least)
                (least, best) = (value, v * 16 + lane);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (int Value, int Lane) LaneMin(Vector256<ushort> vector)
    {
        if (Sse41.IsSupported)
        {
            Vector128<ushort> low = Sse41.MinHorizontal(vector.GetLower()), high = Sse41.MinHorizontal(vector.GetUpper());
            return high.ToScalar() < low.ToScalar() ? (high.ToScalar(), 8 + high.GetElement(1)) : (low.ToScalar(), low.GetElement(1));
        }
        int lane = 0;
        for (int i = 1; i < Vector256<ushort>.Count; i++)
            if (vector.GetElement(i) < vector.GetElement(lane))
                lane = i;
        return (vector.GetElement(lane), lane);
    }
}
