namespace EthosU.Npu.Lowering;

/// <summary>A window: size without dilation, steps, dilation (1 or 2).</summary>
internal readonly record struct Kernel(int Height, int Width, int StrideY = 1, int StrideX = 1, int DilationY = 1, int DilationX = 1)
{
    /// <summary>1×1, step 1.</summary>
    public static Kernel Unit { get; } = new(1, 1);

    /// <summary>Rows that it spans.</summary>
    public int DilatedHeight => ((Height - 1) * DilationY) + 1;

    /// <summary>Columns that it spans.</summary>
    public int DilatedWidth => ((Width - 1) * DilationX) + 1;

    /// <summary>Height × width, step and dilation where they are not 1.</summary>
    public override string ToString() => $"{Height}x{Width}"
        + (StrideY == 1 && StrideX == 1 ? "" : $"/{StrideY}x{StrideX}")
        + (DilationY == 1 && DilationX == 1 ? "" : $"~{DilationY}x{DilationX}");
}
