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

    /// <summary>The box of an output's elements as they are stored.</summary>
    public ElementBox Stored(OutputOrder order, AddressedFeatureMap stored)
    {
        if (order.IsPlain)
            return this;
        ElementBox box = this;
        (int y, int x, int c) = order.Permute(box.Y, box.X, box.C);
        (int endY, int endX, int endC) = order.Permute(box.EndY, box.EndX, box.EndC);
        return order.Reverse switch
        {
            OutputReverse.Height => new(stored.Height - endY, x, c, stored.Height - y, endX, endC),
            OutputReverse.Width => new(y, stored.Width - endX, c, endY, stored.Width - x, endC),
            OutputReverse.Depth => new(y, x, stored.Depth - endC, endY, endX, stored.Depth - c),
            _ => new(y, x, c, endY, endX, endC),
        };
    }

    /// <summary>Rows × columns × channels.</summary>
    public long Count => (long)(EndY - Y) * (EndX - X) * (EndC - C);
}
