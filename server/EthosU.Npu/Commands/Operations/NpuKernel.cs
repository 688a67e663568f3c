namespace EthosU.Npu.Commands;

/// <summary>Geometry of a kernel.</summary>
/// <param name="Height">Rows of taps, without dilation.</param>
/// <param name="Width">Columns of taps, without dilation.</param>
public readonly record struct NpuKernel(int Height, int Width)
{
    /// <summary>Rows of input from one row of output to the next, 1 to 4.</summary>
    public int StrideY { get; init; } = 1;

    /// <summary>Columns of input from one column of output to the next, 1 to 4.</summary>
    public int StrideX { get; init; } = 1;

    /// <summary>Rows from one tap to the next, 1 or 2.</summary>
    public int DilationY { get; init; } = 1;

    /// <summary>Columns from one tap to the next, 1 or 2.</summary>
    public int DilationX { get; init; } = 1;

    /// <summary>Rows that the kernel spans.</summary>
    public int DilatedHeight => (Height - 1) * DilationY + 1;

    /// <summary>Columns that the kernel spans.</summary>
    public int DilatedWidth => (Width - 1) * DilationX + 1;
}
