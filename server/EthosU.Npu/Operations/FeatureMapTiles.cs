namespace EthosU.Npu.Operations;

/// <summary>The up to four rectangles of which a feature map is put together (npu-commands 5.1).</summary>
/// <param name="Width0">Columns of the left rectangles.</param>
/// <param name="Height0">Rows of the upper left rectangle.</param>
/// <param name="Height1">Rows of the upper right rectangle.</param>
/// <param name="Base0">Byte offset of the upper left rectangle in the region.</param>
/// <param name="Base1">Byte offset of the upper right rectangle.</param>
/// <param name="Base2">Byte offset of the lower left rectangle.</param>
/// <param name="Base3">Byte offset of the lower right rectangle.</param>
public readonly record struct FeatureMapTiles(int Width0, int Height0, int Height1, long Base0, long Base1 = 0, long Base2 = 0,
    long Base3 = 0)
{
    /// <summary>The base of rectangle 0 to 3.</summary>
    public long Base(int tile) => tile switch { 0 => Base0, 1 => Base1, 2 => Base2, _ => Base3 };

    /// <summary>One rectangle.</summary>
    public static FeatureMapTiles Single(int height, int width, long address) => new(width, height, height, address);
}
