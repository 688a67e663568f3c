namespace EthosU.Npu.Lowering;

/// <summary>
/// Weights of <c>[output channel, row, column, input channel]</c> while their shape changes; the zero point is subtracted.
/// </summary>
/// <param name="Values">The weights, output channel outermost.</param>
/// <param name="Output">Output channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Input">Input channels.</param>
internal sealed record Filter(short[] Values, int Output, int Height, int Width, int Input)
{
    /// <summary>The filters of some output channels.</summary>
    public Filter Channels(int start, int count)
    {
        int size = Height * Width * Input;
        return this with { Values = Values[(start * size)..((start + count) * size)], Output = count };
    }

    /// <summary>Rotated by 180 degrees.</summary>
    public Filter Rotated() => Map(Height, Width, (y, x) => (Height - 1 - y, Width - 1 - x));

    /// <summary>Zeros between rows and columns, so that a dilation becomes a part of the filter.</summary>
    public Filter Dilated(int dilationY, int dilationX) => dilationY == 1 && dilationX == 1 ? this : Map(
        ((Height - 1) * dilationY) + 1, ((Width - 1) * dilationX) + 1,
        (y, x) => y % dilationY == 0 && x % dilationX == 0 ? (y / dilationY, x / dilationX) : null);

    /// <summary>
    /// For an input of which <paramref name="factor"/> neighbouring columns are seen as channels: <paramref name="left"/> columns of zeros,
    /// the filter, zeros up to a whole number of columns (npu-operators 2.2.6).
    /// </summary>
    public Filter Folded(int factor, int left)
    {
        int width = (left + Width + factor - 1) / factor;
        Filter padded = Map(Height, width * factor, (y, x) => x >= left && x < left + Width ? (y, x - left) : null);
        return padded with { Width = width, Input = Input * factor };
    }

    /// <summary>Some rows and columns, in steps; one of zeros where there are none.</summary>
    public Filter Every(int firstRow, int rows, int rowStep, int firstColumn, int columns, int columnStep) =>
        rows == Height && columns == Width ? this
        : Map(Math.Max(1, rows), Math.Max(1, columns), (y, x) =>
            y < rows && x < columns ? (firstRow + (y * rowStep), firstColumn + (x * columnStep)) : null);

    /// <summary>With rows and columns of zeros behind, up to a size.</summary>
    public Filter Extended(int height, int width) =>
        height <= Height && width <= Width ? this
        : Map(Math.Max(height, Height), Math.Max(width, Width), (y, x) => y < Height && x < Width ? (y, x) : null);

    /// <summary>
    /// The phases of a transposed convolution as output channels, rows of phases outermost: tap t of phase p is tap p + t · stride.
    /// </summary>
    public Filter Phases(int strideY, int strideX)
    {
        int rows = (Height + strideY - 1) / strideY, columns = (Width + strideX - 1) / strideX;
        List<short> values = [];
        for (int y = 0; y < strideY; y++)
            for (int x = 0; x < strideX; x++)
            {
                int firstRow = y, firstColumn = x;
                values.AddRange(Map(rows, columns, (row, column) =>
                    firstRow + (row * strideY) < Height && firstColumn + (column * strideX) < Width
                    ? (firstRow + (row * strideY), firstColumn + (column * strideX)) : null).Values);
            }
        return new([.. values], strideY * strideX * Output, rows, columns, Input);
    }

    private Filter Map(int height, int width, Func<int, int, (int Y, int X)?> from)
    {
        var values = new short[checked(Output * height * width * Input)];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                if (from(y, x) is var (sourceY, sourceX))
                    for (int o = 0; o < Output; o++)
                        Values.AsSpan((((((o * Height) + sourceY) * Width) + sourceX) * Input), Input)
                            .CopyTo(values.AsSpan((((((o * height) + y) * width) + x) * Input)));
        return new(values, Output, height, width, Input);
    }
}
