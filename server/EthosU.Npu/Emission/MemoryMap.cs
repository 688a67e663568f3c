using EthosU.Npu.Operations;

namespace EthosU.Npu.Emission;

/// <summary>Where every tensor lies.</summary>
/// <param name="Places">Region and first byte.</param>
/// <param name="Bricks">Tensors in bricks of 16 channels.</param>
internal sealed record MemoryMap(IReadOnlyDictionary<NpuTensor, (int Region, long Address)> Places, IReadOnlySet<NpuTensor> Bricks)
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
                Tiles = FeatureMapTiles.Single(map.Height, map.Width, start + (y * strideY) + (x * brick) + (c / 16 * strideC)),
                StrideY = strideY,
                StrideX = brick,
                StrideC = strideC,
                ZeroPoint = zeroPoint,
            };
        }
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
                : FeatureMapTiles.Single(map.Height, map.Width, start + map.Offset),
            StrideY = rowStep,
            StrideX = columnStep,
            StrideC = size,
            ZeroPoint = zeroPoint,
        };
    }
}
