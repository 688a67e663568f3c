using EthosU.Graphs;

namespace EthosU.Npu.Operations;

/// <summary>
/// What one operand of an NPU operation reads or writes: <c>[Height, Width, Depth]</c> elements of a tensor, described in its linear
/// layout; channels are always next to each other. The layout in memory may still become NHCWB16 (<see cref="TryGetWindow"/>).
/// </summary>
/// <param name="Tensor">Storage.</param>
/// <param name="Type">How the elements are read; may differ from the tensor's own type if it is seen as smaller pieces.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Depth">Channels.</param>
/// <param name="Offset">Bytes from the tensor's start to element (0, 0, 0).</param>
/// <param name="StrideY">Bytes from a row to the next; may be negative when written.</param>
/// <param name="StrideX">Bytes from a column to the next; may be negative when written.</param>
internal sealed record FeatureMap(
    NpuTensor Tensor, ElementType Type, int Height, int Width, int Depth, long Offset, long StrideY, long StrideX)
{
    /// <summary>Edges that repeat, if there are any.</summary>
    public EdgeTiles? Tiles { get; init; }

    /// <summary>Bytes of an element.</summary>
    public int ElementBytes => Type.ByteSize();

    /// <summary>Number of elements.</summary>
    public long ElementCount => (long)Height * Width * Depth;

    /// <summary>
    /// The position in the tensor's own [H, W, C] of which this is a rectangular window; false if it is something else
    /// (another shape, strides, another element type), so that only the linear layout will do.
    /// </summary>
    public bool TryGetWindow(out int y, out int x, out int c)
    {
        y = x = c = 0;
        int bytes = ElementBytes;
        if (Type.ByteSize() != Tensor.Type.ByteSize() || Tiles is not null || Offset % bytes != 0)
            return false;
        long element = Offset / bytes, row = (long)Tensor.Width * Tensor.Depth;
        y = (int)(element / row);
        x = (int)(element % row / Tensor.Depth);
        c = (int)(element % Tensor.Depth);
        return y + Height <= Tensor.Height && x + Width <= Tensor.Width && c + Depth <= Tensor.Depth
            && (Width == 1 || StrideX == (long)Tensor.Depth * bytes)
            && (Height == 1 || StrideY == row * bytes);
    }

    /// <summary>True if it reads or writes the whole tensor in its own shape.</summary>
    public bool IsWhole => TryGetWindow(out _, out _, out _)
        && Height == Tensor.Height && Width == Tensor.Width && Depth == Tensor.Depth;

    /// <summary>Shape, tensor and, where it is a part, the offset.</summary>
    public override string ToString() =>
        $"{Tensor.Name}[{Height}, {Width}, {Depth}]{Type.DisplayName()}{(Offset == 0 ? "" : $"+{Offset}")}";
}
