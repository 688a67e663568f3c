using EthosU.Graphs;

namespace EthosU.Npu.Operations;

/// <summary>A feature map as registers describe it: type, size, and where each element lies (npu-commands 5).</summary>
public sealed record AddressedFeatureMap
{
    private const int Brick = 16;

    /// <summary>The region.</summary>
    public required int Region { get; init; }

    /// <summary>Element type: integers of 8 to 64 bits.</summary>
    public required ElementType Type { get; init; }

    /// <summary>The chaining buffer that holds it; null if it lies in memory (npu-u85 5.4).</summary>
    public int? ChainBuffer { get; init; }

    /// <summary>Layout.</summary>
    public FeatureMapLayout Layout { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>Columns.</summary>
    public required int Width { get; init; }

    /// <summary>Channels.</summary>
    public required int Depth { get; init; }

    /// <summary>The rectangles and their places.</summary>
    public required FeatureMapTiles Tiles { get; init; }

    /// <summary>Bytes from a row to the next; may be negative.</summary>
    public required long StrideY { get; init; }

    /// <summary>Bytes from a column to the next; without effect for NHCWB16.</summary>
    public required long StrideX { get; init; }

    /// <summary>Bytes from a brick of 16 channels to the next; without effect for NHWC.</summary>
    public required long StrideC { get; init; }

    /// <summary>The stored number that stands for 0.</summary>
    public int ZeroPoint { get; init; }

    /// <summary>Bytes of an element.</summary>
    public int ElementBytes => Type.ByteSize();

    /// <summary>True if elements are in two's complement.</summary>
    public bool IsSigned => Type is ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64;

    /// <summary>Number of elements.</summary>
    public long ElementCount => (long)Height * Width * Depth;

    /// <summary>Bytes from a column to the next in memory.</summary>
    public long ColumnStep => Layout == FeatureMapLayout.Nhwc ? StrideX : Brick * ElementBytes;

    /// <summary>Byte offset of an element in the region (npu-commands 5.3).</summary>
    public long AddressOf(int y, int x, int c)
    {
        (long address, _, _) = Locate(y, x);
        return address + ChannelOffset(c);
    }

    /// <summary>Bytes from channel 0 to another one.</summary>
    public long ChannelOffset(int c) => Layout == FeatureMapLayout.Nhwc
        ? (long)c * ElementBytes
        : c / Brick * StrideC + c % Brick * ElementBytes;

    /// <summary>
    /// The byte ranges from the first to the last byte of each rectangle that is used, in the order of the rectangles. With negative
    /// strides the lowest byte comes first all the same.
    /// </summary>
    public IEnumerable<StreamRange> Ranges()
    {
        for (int tile = 0; tile < 4; tile++)
        {
            bool right = tile is 1 or 3, lower = tile >= 2;
            int split = right ? Tiles.Height1 : Tiles.Height0;
            int width = right ? Width - Tiles.Width0 : Math.Min(Width, Tiles.Width0);
            int height = lower ? Height - split : Math.Min(Height, split);
            if (width <= 0 || height <= 0)
                continue;
            long y = (height - 1) * StrideY, x = (width - 1) * ColumnStep;
            long first = Tiles.Base(tile) + Math.Min(0, y) + Math.Min(0, x);
            long last = Tiles.Base(tile) + Math.Max(0, y) + Math.Max(0, x);
            (long low, long high) = ChannelSpan();
            yield return new(first + low, last + high - first - low);
        }
    }

    /// <summary>The address of channel 0, and how far the rectangle reaches: the first row and column that lie outside.</summary>
    public (long Address, int EndY, int EndX) Locate(int y, int x)
    {
        bool right = x >= Tiles.Width0;
        int split = right ? Tiles.Height1 : Tiles.Height0;
        bool lower = y >= split;
        long address = Tiles.Base((lower ? 2 : 0) + (right ? 1 : 0)) + (lower ? y - split : y) * StrideY + (right ? x - Tiles.Width0 : x)
            * ColumnStep;
        return (address, lower ? int.MaxValue : split, right ? int.MaxValue : Tiles.Width0);
    }

    private (long Low, long High) ChannelSpan()
    {
        if (Layout == FeatureMapLayout.Nhwc || Depth <= Brick)
            return (0, (long)Depth * ElementBytes);
        int bricks = (Depth + Brick - 1) / Brick;
        long lastBrick = (bricks - 1) * StrideC;
        return (Math.Min(0, lastBrick), Math.Max(Brick * ElementBytes, Math.Max(
            lastBrick + (Depth - (bricks - 1) * Brick) * ElementBytes, Math.Max(0, (bricks - 2) * StrideC) + Brick * ElementBytes)));
    }
}
