using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>A box of elements of a feature map: from its first corner to behind its last.</summary>
internal readonly record struct ElementBox(int Y, int X, int C, int EndY, int EndX, int EndC)
{
    /// <summary>All elements.</summary>
    public static ElementBox All(AddressedFeatureMap map) => new(0, 0, 0, map.Height, map.Width, map.Depth);

    /// <summary>The part that lies inside a map.</summary>
    public ElementBox Inside(AddressedFeatureMap map) => new(
        Math.Clamp(Y, 0, map.Height), Math.Clamp(X, 0, map.Width), Math.Clamp(C, 0, map.Depth),
        Math.Clamp(EndY, 0, map.Height), Math.Clamp(EndX, 0, map.Width), Math.Clamp(EndC, 0, map.Depth));

    /// <summary>Rows × columns × channels.</summary>
    public long Count => (long)(EndY - Y) * (EndX - X) * (EndC - C);
}
