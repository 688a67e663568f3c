using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>A feature map, as far as the time to read or write it depends on it.</summary>
/// <param name="Shape">Height, width and depth of the part that the operation reads or writes.</param>
/// <param name="Bits">Bits of an element: 8, 16 or 32.</param>
/// <param name="IsBricked">True for NHCWB16, false for NHWC.</param>
/// <param name="Memory">Where it lies.</param>
internal readonly record struct FeatureMapProfile(BlockShape Shape, int Bits, bool IsBricked, MemoryKind Memory)
{
    /// <summary>Bytes of an element.</summary>
    public int Bytes => Bits / 8;

    /// <summary>Channels that are stored: NHCWB16 fills bricks of 16.</summary>
    public int StoredDepth => IsBricked ? (Shape.Depth + 15) / 16 * 16 : Shape.Depth;

    /// <summary>Elements that are stored.</summary>
    public long StoredElements => (long)Shape.Height * Shape.Width * StoredDepth;
}
