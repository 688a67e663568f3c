namespace EthosU.Npu.Operations;

/// <summary>Rows and columns of padding.</summary>
/// <param name="Top">Above, up to 127.</param>
/// <param name="Left">To the left, up to 127.</param>
/// <param name="Bottom">Below, up to 128.</param>
/// <param name="Right">To the right, up to 128.</param>
public readonly record struct NpuPadding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>True if there is none.</summary>
    public bool IsEmpty => Top == 0 && Left == 0 && Bottom == 0 && Right == 0;
}
