using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>Checks that addresses, strides and lengths are multiples of what hardware wants (npu-commands 5.5 and 7.7).</summary>
internal static class AlignmentChecker
{
    private const int Unit = 16;

    /// <summary>What is wrong, one text for each.</summary>
    public static IEnumerable<string> Problems(StreamOperation operation, bool singleBytes)
    {
        if (operation is DmaOperation dma)
            return Transfer(dma, singleBytes);
        KernelOperation kernel = (KernelOperation)operation;
        IEnumerable<string> problems = kernel.ReadMaps.SelectMany(static read => Map(read.Map, read.Name));
        if (kernel.StoredOfm is { } ofm)
            problems = problems.Concat(Map(ofm, "the output"));
        return kernel is ConvolutionOperation convolution ? problems.Concat(Streams(convolution)) : problems;
    }

    private static IEnumerable<string> Map(AddressedFeatureMap map, string name)
    {
        int unit = map.Layout == FeatureMapLayout.Nhwc ? map.ElementBytes : Unit;
        for (int tile = 0; tile < 4; tile++)
            if (IsUsed(map, tile) && map.Tiles.Base(tile) % unit != 0)
                yield return $"rectangle {tile} of {name} at 0x{map.Tiles.Base(tile):X} is not aligned to {unit} bytes";
        (long second, string which) = map.Layout == FeatureMapLayout.Nhwc ? (map.StrideX, "column") : (map.StrideC, "channel");
        if (map.StrideY % unit != 0)
            yield return $"the row stride {map.StrideY} of {name} is no multiple of {unit} bytes";
        if (second % unit != 0)
            yield return $"the {which} stride {second} of {name} is no multiple of {unit} bytes";
    }

    private static bool IsUsed(AddressedFeatureMap map, int tile)
    {
        bool right = tile is 1 or 3, lower = tile >= 2;
        return (!right || map.Width > map.Tiles.Width0) && (!lower || map.Height > (right ? map.Tiles.Height1 : map.Tiles.Height0));
    }

    private static IEnumerable<string> Streams(ConvolutionOperation operation)
    {
        foreach (StreamRange weights in operation.Weights)
            if (weights.Length > 0 && (weights.Address % Unit != 0 || weights.Length % Unit != 0))
                yield return $"the weights at 0x{weights.Address:X}, {weights.Length} bytes, are not aligned to {Unit} bytes";
        foreach (StreamRange scales in operation.Scales)
            if (scales.Length > 0 && (scales.Address % Unit != 0 || scales.Length % Unit != 0))
                yield return $"the scales at 0x{scales.Address:X}, {scales.Length} bytes, are not aligned to {Unit} bytes";
    }

    private static IEnumerable<string> Transfer(DmaOperation dma, bool singleBytes)
    {
        foreach ((DmaEnd end, string name) in ((DmaEnd, string)[])[(dma.Source, "source"), (dma.Destination, "destination")])
            if ((!singleBytes || end.IsSharedRam) && end.Address % Unit != 0)
                yield return $"the {name} 0x{end.Address:X} is not aligned to {Unit} bytes";
        if ((!singleBytes || dma.Destination.IsSharedRam) && dma.Length % Unit != 0)
            yield return $"the length {dma.Length} is no multiple of {Unit} bytes";
    }
}
