namespace EthosU.Npu.Operations;

/// <summary>A kernel and how it moves.</summary>
/// <param name="Height">Rows of taps, without dilation.</param>
/// <param name="Width">Columns of taps, without dilation.</param>
/// <param name="StrideY">Rows of input from one row of output to the next.</param>
/// <param name="StrideX">Columns of input from one column of output to the next.</param>
/// <param name="DilationY">Rows from one tap to the next, 1 or 2.</param>
/// <param name="DilationX">Columns from one tap to the next, 1 or 2.</param>
public readonly record struct NpuKernel(int Height, int Width, int StrideY = 1, int StrideX = 1, int DilationY = 1, int DilationX = 1)
{
    /// <summary>One tap that moves by one.</summary>
    public static NpuKernel Unit { get; } = new(1, 1);

    /// <summary>Rows that the kernel spans.</summary>
    public int DilatedHeight => (Height - 1) * DilationY + 1;

    /// <summary>Columns that the kernel spans.</summary>
    public int DilatedWidth => (Width - 1) * DilationX + 1;

    /// <summary>Rows of input, padding included, that rows of output need.</summary>
    public int RowsFor(int output) => ((output - 1) * StrideY) + DilatedHeight;

    /// <summary>Columns of input, padding included, that columns of output need.</summary>
    public int ColumnsFor(int output) => ((output - 1) * StrideX) + DilatedWidth;

    /// <summary>Number of taps.</summary>
    public int Taps => Height * Width;

    /// <summary>Height × width, stride and dilation where they are not 1.</summary>
    public override string ToString() => $"{Height}x{Width}"
        + (StrideY == 1 && StrideX == 1 ? "" : $"/{StrideY}x{StrideX}")
        + (DilationY == 1 && DilationX == 1 ? "" : $"~{DilationY}x{DilationX}");
}
