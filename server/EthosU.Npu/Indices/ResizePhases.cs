using System.Numerics;
using EthosU.Graphs;

namespace EthosU.Npu.Indices;

/// <summary>
/// Bilinear enlarging by powers of two with half-pixel centres: each phase of the result is a filter of at most two rows and columns, whose
/// weights are whole numbers of 8 bits (npu-operators 2.23).
/// </summary>
internal static class ResizePhases
{
    private const int LargestWeight = 255;

    /// <summary>The factors of rows and columns; null if the resize is none of this kind.</summary>
    public static (int Rows, int Columns)? Of(Resize op, Shape from, Shape to)
    {
        if (op is not { Kind: ResizeKind.Bilinear, HalfPixelCenters: true, AlignCorners: false } || from.Rank != 4 || to.Rank != 4
            || from.Any(static size => size < 1))
            return null;
        int rows = to[1] / from[1], columns = to[2] / from[2];
        bool whole = rows * (long)from[1] == to[1] && columns * (long)from[2] == to[2] && BitOperations.IsPow2(rows)
            && BitOperations.IsPow2(columns);
        return whole && Largest(rows) * Largest(columns) <= LargestWeight ? (rows, columns) : null;
    }

    /// <summary>The weights of a phase in parts of twice the factor (of 1 for the factor 1).</summary>
    public static short[] Weights(int factor, int phase) => factor == 1 ? [1]
        : IsBefore(factor, phase) ? [(short)(factor - 1 - (2 * phase)), (short)(factor + 1 + (2 * phase))]
        : [(short)((3 * factor) - 1 - (2 * phase)), (short)((2 * phase) + 1 - factor)];

    /// <summary>What the weights of a phase add up to.</summary>
    public static int Sum(int factor) => factor == 1 ? 1 : 2 * factor;

    /// <summary>True if the phase lies before the cell's centre: it reads the cell before, else the cell behind.</summary>
    public static bool IsBefore(int factor, int phase) => factor > 1 && phase < factor / 2;

    private static long Largest(int factor) => factor == 1 ? 1 : (2L * factor) - 1;
}
