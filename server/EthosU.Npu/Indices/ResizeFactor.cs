using EthosU.Graphs;

namespace EthosU.Npu.Indices;

/// <summary>Enlarging by 2, 4 or 8 without half-pixel centres, which the hardware's doubling does (npu-operators 2.22 and 2.23).</summary>
internal static class ResizeFactor
{
    /// <summary>The factor, equal in both axes, of the sizes (less 1 with aligned corners); null if it is none of these.</summary>
    public static int? Of(Resize op, Shape from, Shape to)
    {
        if (op is { Kind: ResizeKind.Bilinear, HalfPixelCenters: true } || from.Rank != 4 || to.Rank != 4)
            return null;
        // A side of length 1 stays as it is or follows the other one.
        int? height = Whole(op, from[1], to[1]), width = Whole(op, from[2], to[2]);
        int? factor = from[1] == 1 && to[1] == 1 ? width : from[2] == 1 && to[2] == 1 ? height : height == width ? height : null;
        return factor is 2 or 4 or 8 ? factor : null;
    }

    private static int? Whole(Resize op, int from, int to)
    {
        (int more, int less) = op.AlignCorners ? (to - 1, from - 1) : (to, from);
        return less > 0 && more % less == 0 ? more / less : null;
    }
}
