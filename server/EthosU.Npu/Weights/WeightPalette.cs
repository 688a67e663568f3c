using System.Numerics;

namespace EthosU.Npu.Weights;

/// <summary>A palette definition: how a section's weights become indices (npu-weights 2.3 and 2.4).</summary>
/// <param name="ZeroRuns">True if zeros are coded as runs.</param>
/// <param name="Entries">Codes of the palette, the most frequent first; none or 2 to 32.</param>
/// <param name="DirectOffset">First code that has an index behind the palette.</param>
/// <param name="MaxIndex">Largest index that occurs.</param>
internal sealed record WeightPalette(bool ZeroRuns, ushort[] Entries, int DirectOffset, int MaxIndex)
{
    /// <summary>Bits of an entry in the header, or of a raw weight if there are no entries.</summary>
    public int EntryBits => Math.Max(2, BitLength(Entries.Length == 0 ? MaxIndex : Entries.Max()));

    /// <summary>Bits of a raw weight; 0 if not all weights can be written raw.</summary>
    public int RawBits => Entries.Length == 0 ? EntryBits
        : MaxIndex >= Entries.Length ? 0
        : BitLength(Entries.Length - 1);

    /// <summary>The index of each code.</summary>
    public ushort[] Indices()
    {
        var indices = new ushort[SectionStatistics.CodeCount];
        for (int code = DirectOffset; code < indices.Length; code++)
            indices[code] = (ushort)(code - DirectOffset + Entries.Length);
        for (int i = Entries.Length - 1; i >= 0; i--)
            indices[Entries[i]] = (ushort)i;
        return indices;
    }

    internal static int BitLength(int value) => 32 - BitOperations.LeadingZeroCount((uint)value);
}
