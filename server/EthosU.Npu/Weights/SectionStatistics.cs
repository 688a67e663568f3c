using System.Runtime.CompilerServices;

namespace EthosU.Npu.Weights;

/// <summary>
/// What the choice of a palette depends on, for a run of weights: how often each code occurs, and the cost of the zeros as runs.
/// </summary>
internal sealed class SectionStatistics
{
    /// <summary>Number of codes (npu-weights 2.4).</summary>
    public const int CodeCount = 512;

    /// <summary>Largest Rice parameter of zero runs.</summary>
    public const int MaxZeroDivisor = 3;

    private readonly int[] counts = new int[CodeCount];
    private readonly long[] runBits = new long[MaxZeroDivisor + 1];

    /// <summary>Occurrences of each code.</summary>
    public ReadOnlySpan<int> Counts => counts;

    /// <summary>Number of weights.</summary>
    public int Total { get; private set; }

    /// <summary>Largest code that occurs.</summary>
    public int MaxCode { get; private set; }

    /// <summary>Bits of the zero runs that end in a weight of this section, for a Rice parameter.</summary>
    public long RunBits(int divisor) => runBits[divisor];

    /// <summary>Counts weights.</summary>
    /// <param name="codes">Their codes.</param>
    /// <param name="run">Zeros directly before them.</param>
    /// <returns>Zeros at their end, with those before them if there is nothing else.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(ReadOnlySpan<ushort> codes, int run)
    {
        foreach (ushort code in codes)
        {
            counts[code]++;
            if (code == 0)
            {
                run++;
                continue;
            }
            MaxCode = Math.Max(MaxCode, code);
            for (int d = 0; d < runBits.Length; d++)
                runBits[d] += (run >> d) + 1 + d;
            run = 0;
        }
        Total += codes.Length;
        return run;
    }

    /// <summary>The statistics of both together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static SectionStatistics Merge(SectionStatistics first, SectionStatistics second)
    {
        var result = new SectionStatistics { Total = first.Total + second.Total, MaxCode = Math.Max(first.MaxCode, second.MaxCode) };
        for (int i = 0; i <= result.MaxCode; i++)
            result.counts[i] = first.counts[i] + second.counts[i];
        for (int d = 0; d < result.runBits.Length; d++)
            result.runBits[d] = first.runBits[d] + second.runBits[d];
        return result;
    }
}
