using System.Runtime.CompilerServices;

namespace EthosU.Npu.Weights;

/// <summary>Writes slices: header, then rounds of chunks (npu-weights 2.3 and 2.8).</summary>
internal static class SliceWriter
{
    /// <summary>Writes a slice.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="slice">Its parameters.</param>
    /// <param name="palette">The section's palette; written if the slice is the section's first.</param>
    /// <param name="indices">Indices of the section's coded weights.</param>
    /// <param name="runs">Zeros before each coded weight of the section and behind the last; empty if zeros are not coded as runs.</param>
    public static void Write(WeightBitWriter writer, SliceCoding slice, WeightPalette palette, ReadOnlySpan<ushort> indices,
        ReadOnlySpan<int> runs)
    {
        bool isFirst = slice.Start == 0;
        bool raw = slice.Coding == IndexCoding.Raw;
        writer.Write(palette.ZeroRuns ? (uint)slice.ZeroDivisor : 6, 3);
        writer.Write((uint)slice.Count - 1, 15);
        writer.Write(raw ? 7 : (uint)IndexCoding.Divisor(slice.Coding), 3);
        writer.Write(IndexCoding.IsTruncated(slice.Coding) ? 1u : 0, 1);
        writer.Write(isFirst ? 1u : 0, 1);
        if (isFirst)
        {
            writer.Write((uint)palette.DirectOffset, 5);
            writer.Write(palette.Entries.Length == 0 ? 0 : (uint)palette.Entries.Length - 1, 5);
            writer.Write((uint)palette.EntryBits - 2, 3);
            foreach (ushort entry in palette.Entries)
                writer.Write(entry, palette.EntryBits);
        }
        ReadOnlySpan<int> ownRuns = palette.ZeroRuns ? runs[(isFirst ? 0 : slice.Start + 1)..(slice.Start + slice.Count + 1)] : [];
        WriteBody(writer, slice, raw ? palette.RawBits : IndexCoding.Divisor(slice.Coding), indices.Slice(slice.Start, slice.Count),
            ownRuns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteBody(WeightBitWriter writer, SliceCoding slice, int remainderBits, ReadOnlySpan<ushort> indices,
    ReadOnlySpan<int> runs)
    {
        bool raw = slice.Coding == IndexCoding.Raw, truncated = IndexCoding.IsTruncated(slice.Coding);
        int rawChunk = remainderBits <= 5 ? 12 : 8;
        int zeroChunk = slice.ZeroDivisor < 3 ? 12 : 8;
        uint remainderMask = (1u << remainderBits) - 1, runMask = (1u << slice.ZeroDivisor) - 1;
        int doneWeights = 0, doneRuns = 0, quotient = -1, runQuotient = -1;
        int pendingWeights = 0, pendingRuns = 0;
        while (true)
        {
            bool weightsActive = doneWeights < indices.Length && (runs.IsEmpty || doneWeights - doneRuns < 8);
            bool runsActive = doneRuns < runs.Length && doneWeights - doneRuns >= 0;
            int firstWeight = doneWeights, firstRun = doneRuns;
            uint nonZero = 0, two = 0;
            int twoBits = 0;
            if (weightsActive && raw)
                doneWeights = Math.Min(doneWeights + rawChunk, indices.Length);
            else if (weightsActive)
            {
                for (int digit = 0; digit < 12 && doneWeights < indices.Length; digit++)
                {
                    if (quotient < 0)
                        quotient = indices[doneWeights] >> remainderBits;
                    int value = Math.Min(quotient, 2);
                    if (value > 0)
                    {
                        nonZero |= 1u << digit;
                        two |= (uint)(value - 1) << twoBits++;
                    }
                    if (truncated || value < 2)
                    {
                        quotient = -1;
                        doneWeights++;
                    }
                    else
                        quotient -= 2;
                }
                writer.Write(nonZero, 12);
            }
            if (runsActive)
            {
                uint unary = 0;
                for (int bit = 0; bit < zeroChunk && doneRuns < runs.Length; bit++)
                {
                    if (runQuotient < 0)
                        runQuotient = runs[doneRuns] >> slice.ZeroDivisor;
                    if (runQuotient > 0)
                        unary |= 1u << bit;
                    else
                        doneRuns++;
                    runQuotient--;
                }
                writer.Write(unary, zeroChunk);
            }
            if (twoBits > 0)
                writer.Write(two, twoBits);
            if (remainderBits > 0)
                foreach (ushort index in indices[pendingWeights..firstWeight])
                    writer.Write(index & remainderMask, remainderBits);
            if (slice.ZeroDivisor > 0)
                foreach (int run in runs[pendingRuns..firstRun])
                    writer.Write((uint)run & runMask, slice.ZeroDivisor);
            if (!weightsActive && !runsActive)
                return;
            (pendingWeights, pendingRuns) = (firstWeight, firstRun);
        }
    }
}
