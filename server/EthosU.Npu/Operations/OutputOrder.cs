namespace EthosU.Npu.Operations;

/// <summary>How the axes of an output are stored (npu-u85 5.3).</summary>
/// <param name="Transpose">Their order.</param>
/// <param name="Reverse">The one that is flipped.</param>
public readonly record struct OutputOrder(OutputTranspose Transpose, OutputReverse Reverse)
{
    /// <summary>True if elements are stored as they are computed.</summary>
    public bool IsPlain => Transpose == OutputTranspose.Hwc && Reverse == OutputReverse.None;

    /// <summary>An output as it is stored: its sizes in the order of storage.</summary>
    public AddressedFeatureMap Stored(AddressedFeatureMap map)
    {
        if (Transpose == OutputTranspose.Hwc)
            return map;
        (int height, int width, int depth) = Permute(map.Height, map.Width, map.Depth);
        return map with { Height = height, Width = width, Depth = depth };
    }

    /// <summary>Three numbers that belong to rows, columns and channels in the order of storage.</summary>
    public (int First, int Second, int Third) Permute(int height, int width, int depth) => Transpose switch
    {
        OutputTranspose.Whc => (width, height, depth),
        OutputTranspose.Hcw => (height, depth, width),
        OutputTranspose.Wch => (width, depth, height),
        OutputTranspose.Chw => (depth, height, width),
        OutputTranspose.Cwh => (depth, width, height),
        _ => (height, width, depth),
    };

    /// <summary>Where an element of the output is stored.</summary>
    /// <param name="stored">The output as it is stored.</param>
    /// <param name="y">Its row.</param>
    /// <param name="x">Its column.</param>
    /// <param name="c">Its channel.</param>
    public (int Y, int X, int C) Place(AddressedFeatureMap stored, int y, int x, int c)
    {
        (int first, int second, int third) = Permute(y, x, c);
        return Reverse switch
        {
            OutputReverse.Height => (stored.Height - 1 - first, second, third),
            OutputReverse.Width => (first, stored.Width - 1 - second, third),
            OutputReverse.Depth => (first, second, stored.Depth - 1 - third),
            _ => (first, second, third),
        };
    }
}
