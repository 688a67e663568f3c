using EthosU.Npu.Operations;

namespace EthosU.Npu.Emission;

/// <summary>Where every tensor lies.</summary>
/// <param name="Places">Region and first byte.</param>
/// <param name="Bricks">Tensors in bricks of 16 channels.</param>
/// <param name="Rolling">Rows of the tensors that are never whole in memory.</param>
internal sealed record MemoryMap(IReadOnlyDictionary<NpuTensor, (int Region, long Address)> Places, IReadOnlySet<NpuTensor> Bricks,
    IReadOnlyDictionary<NpuTensor, int> Rolling)
{
    /// <summary>A feature map as registers describe it.</summary>
    public AddressedFeatureMap Resolve(FeatureMap map, int zeroPoint)
    {
        (int region, long start) = Places[map.Tensor];
        int size = map.ElementBytes;
        if (Bricks.Contains(map.Tensor))
        {
            map.TryGetWindow(out int y, out int x, out int c);
            long brick = 16L * size, strideC = map.Tensor.Width * brick, strideY = strideC * ((map.Tensor.Depth + 15) / 16);
            return new()
            {
                Region = region,
                Type = map.Type,
                Layout = FeatureMapLayout.Nhcwb16,
                Height = map.Height,
                Width = map.Width,
                Depth = map.Depth,
                Tiles = Tiles(map, start + (x * brick) + (c / 16 * strideC), y, strideY),
                StrideY = strideY,
                StrideX = brick,
                StrideC = strideC,
                ZeroPoint = zeroPoint,
            };
        }
        long rowBytes = (long)map.Tensor.Width * map.Tensor.Depth * size;
        // The distance to a neighbour that does not exist: as if the map were packed.
        long columnStep = map.Width == 1 ? (long)map.Depth * size : map.StrideX,
            rowStep = map.Height == 1 ? map.Width * columnStep : map.StrideY;
        return new()
        {
            Region = region,
            Type = map.Type,
            Height = map.Height,
            Width = map.Width,
            Depth = map.Depth,
            Tiles = map.Tiles is { } tiles
                ? new(tiles.Width0, tiles.Height0, tiles.Height1, start + map.Offset, start + tiles.Offset1, start + tiles.Offset2,
                start + tiles.Offset3)
                : Rolling.ContainsKey(map.Tensor) && map.TryGetWindow(out int row, out _, out _)
                ? Tiles(map, start + map.Offset - (row * rowBytes), row, rowBytes)
                : FeatureMapTiles.Single(map.Height, map.Width, start + map.Offset),
            StrideY = rowStep,
            StrideX = columnStep,
            StrideC = size,
            ZeroPoint = zeroPoint,
        };
    }

    /// <summary>One rectangle, or two where a buffer addressed modulo its height begins again (npu-scheduling 3.5).</summary>
    /// <param name="map">The feature map.</param>
    /// <param name="start">Address of its first column and channel in row 0 of the tensor.</param>
    /// <param name="row">Its first row in the tensor.</param>
    /// <param name="stride">Bytes of a row.</param>
    private FeatureMapTiles Tiles(FeatureMap map, long start, int row, long stride)
    {
        if (!Rolling.TryGetValue(map.Tensor, out int rows))
            return FeatureMapTiles.Single(map.Height, map.Width, start + (row * stride));
        row %= rows;
        int upper = Math.Min(map.Height, rows - row);
        return upper == map.Height ? FeatureMapTiles.Single(map.Height, map.Width, start + (row * stride))
            : new(map.Width, upper, upper, start + (row * stride), 0, start, 0);
    }
}
