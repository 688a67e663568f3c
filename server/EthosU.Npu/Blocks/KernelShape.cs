namespace EthosU.Npu.Blocks;

/// <summary>A kernel and how it moves.</summary>
/// <param name="Height">Rows, without dilation.</param>
/// <param name="Width">Columns, without dilation.</param>
/// <param name="StrideY">Rows from one position to the next.</param>
/// <param name="StrideX">Columns from one position to the next.</param>
/// <param name="DilationY">Distance of rows.</param>
/// <param name="DilationX">Distance of columns.</param>
internal readonly record struct KernelShape(int Height, int Width, int StrideY = 1, int StrideX = 1, int DilationY = 1, int DilationX = 1)
{
    /// <summary>One element.</summary>
    public static KernelShape Point { get; } = new(1, 1);

    /// <summary>Rows that the kernel spans.</summary>
    public int DilatedHeight => (Height - 1) * DilationY + 1;

    /// <summary>Columns that the kernel spans.</summary>
    public int DilatedWidth => (Width - 1) * DilationX + 1;

    /// <summary>Number of elements.</summary>
    public int Taps => Height * Width;
}
