namespace EthosU.Arithmetic;

/// <summary>Where the elements along an axis of RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR come from (tflite-kernels 3.9).</summary>
public static class ResizePositions
{
    /// <summary>Parts of a distance between two neighbours.</summary>
    public const int Unit = 1024;

    /// <summary>For each element of a bilinear result: the two cells that it lies between, and its distance from the lower one.</summary>
    /// <param name="from">Cells of the input, at least one.</param>
    /// <param name="to">Elements of the result.</param>
    /// <param name="alignsCorners">The first and the last element lie on the first and the last cell.</param>
    /// <param name="isHalfPixel">Elements and cells are taken at their centres.</param>
    /// <exception cref="OverflowException">The sizes are too large for 32 bits.</exception>
    public static BilinearPosition[] Bilinear(int from, int to, bool alignsCorners, bool isHalfPixel)
    {
        int scale = alignsCorners && to > 1
            ? checked((Unit * (from - 1)) + ((to - 1) / 2)) / (to - 1)
            : checked((Unit * from) + (to / 2)) / Math.Max(to, 1);
        var positions = new BilinearPosition[to];
        for (int i = 0; i < to; i++)
        {
            int position = isHalfPixel ? checked(i * scale) + (scale / 2) - (Unit / 2) : checked(i * scale);
            int low = Math.Clamp(position / Unit, 0, from - 1), high = Math.Clamp((position + Unit - 1) / Unit, 0, from - 1);
            positions[i] = new(low, high, position - (Unit * low));
        }
        return positions;
    }

    /// <summary>For each element of a nearest-neighbour result the cell that it repeats.</summary>
    /// <param name="from">Cells of the input, at least one.</param>
    /// <param name="to">Elements of the result.</param>
    /// <param name="alignsCorners">The first and the last element lie on the first and the last cell.</param>
    /// <param name="isHalfPixel">Elements are taken at their centres.</param>
    public static int[] Nearest(int from, int to, bool alignsCorners, bool isHalfPixel)
    {
        float scale = alignsCorners && to > 1 ? (float)(from - 1) / (to - 1) : (float)from / to;
        var result = new int[to];
        for (int i = 0; i < to; i++)
        {
            float position = (i + (isHalfPixel ? 0.5f : 0f)) * scale;
            int source = (int)(alignsCorners ? Rounding.HalfAway(position) : MathF.Floor(position));
            result[i] = Math.Clamp(source, 0, from - 1);
        }
        return result;
    }
}
