using System.Runtime.Intrinsics;

namespace EthosU.Npu.Weights;

/// <summary>The 13 ways of coding an index: Rice with parameter 0 to 5, the same with one digit only, raw (npu-weights 2.6).</summary>
internal static class IndexCoding
{
    /// <summary>Number of ways.</summary>
    public const int Count = 13;

    /// <summary>The raw way.</summary>
    public const int Raw = 12;

    /// <summary>Cost of an index that a way cannot code: more than any change of way.</summary>
    public const int Impossible = 1000;

    private const int TruncatedFirst = 6, MaxQuotient = 31;

    private static readonly Vector256<ushort>[]?[] Tables = new Vector256<ushort>[]?[10];

    /// <summary>Rice parameter of a way that is not raw.</summary>
    public static int Divisor(int coding) => coding < TruncatedFirst ? coding : coding - TruncatedFirst;

    /// <summary>True for the ways that write a quotient as one digit.</summary>
    public static bool IsTruncated(int coding) => coding is >= TruncatedFirst and < Raw;

    /// <summary>Bits of an index in a way of coding.</summary>
    /// <param name="index">The index.</param>
    /// <param name="coding">The way.</param>
    /// <param name="rawBits">Bits of a raw index; 0 if raw coding is not possible.</param>
    public static int Bits(int index, int coding, int rawBits)
    {
        if (coding == Raw)
            return rawBits > 0 && index < 1 << rawBits ? rawBits : Impossible;
        int divisor = Divisor(coding), quotient = index >> divisor;
        return IsTruncated(coding)
            ? quotient <= 2 ? Math.Min(quotient + 1, 2) + divisor : Impossible
            : quotient <= MaxQuotient ? quotient + 1 + divisor : Impossible;
    }

    /// <summary>For each index its bits in each way, one to a lane; unused lanes are impossible.</summary>
    public static Vector256<ushort>[] Table(int rawBits) => Tables[rawBits] ??= MakeTable(rawBits);

    private static Vector256<ushort>[] MakeTable(int rawBits)
    {
        var table = new Vector256<ushort>[SectionStatistics.CodeCount];
        Span<ushort> lanes = stackalloc ushort[Vector256<ushort>.Count];
        for (int index = 0; index < table.Length; index++)
        {
            lanes.Fill(Impossible);
            for (int coding = 0; coding < Count; coding++)
                lanes[coding] = (ushort)Bits(index, coding, rawBits);
            table[index] = Vector256.Create<ushort>(lanes);
        }
        return table;
    }
}
