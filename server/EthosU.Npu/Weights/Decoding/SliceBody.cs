using System.Numerics;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>The coded weights and zero runs of a slice, in rounds of chunks (npu-weights 2.8).</summary>
internal ref struct SliceBody
{
    private const int LargestIndex = 511;
    private const int LargestQuotient = 31;
    private const int Digits = 12;
    private const int RunDigits = 12;
    private const int WideRunDigits = 8;
    private const int Lead = 8;

    public required int[] Indices;
    public required long[] Runs;
    public required bool IsRaw;
    public required bool IsTruncated;
    public required int WeightBits;
    public required int RunBits;
    public required int RawPerChunk;

    private int weightsDone;
    private int runsDone;
    private int weightQuotient;
    private long runQuotient;

    /// <summary>Reads the slice; what is wrong, or null.</summary>
    public string? Read(ref WeightBits bits)
    {
        int weightsBefore = 0, runsBefore = 0;
        bool hasRuns = Runs.Length > 0;
        while (true)
        {
            bool weightsActive = weightsDone < Indices.Length && (!hasRuns || weightsDone - runsDone < Lead);
            bool runsActive = runsDone < Runs.Length && weightsDone - runsDone >= 0;
            int weightsStart = weightsDone, runsStart = runsDone;
            uint digits = weightsActive && !IsRaw ? bits.Read(Digits) : 0;
            uint unary = runsActive ? bits.Read(RunChunk) : 0;
            uint second = weightsActive && !IsRaw ? bits.Read(BitOperations.PopCount(digits)) : 0;
            for (int i = weightsBefore; i < weightsStart; i++)
            {
                int index = (Indices[i] << WeightBits) | (int)bits.Read(WeightBits);
                if (index > LargestIndex)
                    return $"weight index {index} is too large";
                Indices[i] = index;
            }
            for (int i = runsBefore; i < runsStart; i++)
                Runs[i] = (Runs[i] << RunBits) | bits.Read(RunBits);
            if (bits.IsOverrun)
                return "it ends inside a slice";
            if (!weightsActive && !runsActive)
                return null;
            if (weightsActive && IsRaw)
                weightsDone = Math.Min(Indices.Length, weightsDone + RawPerChunk);
            else if (weightsActive && !Quotients(digits, second))
                return "a weight's quotient is too large";
            if (runsActive)
                RunQuotients(unary);
            (weightsBefore, runsBefore) = (weightsStart, runsStart);
        }
    }

    private readonly int RunChunk => RunBits == 3 ? WideRunDigits : RunDigits;

    private bool Quotients(uint digits, uint second)
    {
        for (int i = 0; i < Digits && weightsDone < Indices.Length; i++)
        {
            int digit = 0;
            if ((digits >> i & 1) != 0)
            {
                digit = 1 + (int)(second & 1);
                second >>= 1;
            }
            weightQuotient += digit;
            if (weightQuotient > LargestQuotient)
                return false;
            if (digit == 2 && !IsTruncated)
                continue;
            Indices[weightsDone++] = weightQuotient;
            weightQuotient = 0;
        }
        return true;
    }

    private void RunQuotients(uint unary)
    {
        for (int i = 0; i < RunChunk && runsDone < Runs.Length; i++)
        {
            if ((unary >> i & 1) != 0)
            {
                runQuotient++;
                continue;
            }
            Runs[runsDone++] = runQuotient;
            runQuotient = 0;
        }
    }
}
