using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>A range of bytes that an operation reads or writes.</summary>
/// <param name="Region">The region, or <see cref="SharedRamRegion"/>.</param>
/// <param name="Range">The bytes.</param>
/// <param name="IsWrite">True if they are written.</param>
/// <param name="Name">What lies there.</param>
internal readonly record struct Access(int Region, StreamRange Range, bool IsWrite, string Name)
{
    /// <summary>Stands for the shared RAM.</summary>
    public const int SharedRamRegion = -1;

    /// <summary>The accesses of an operation (npu-commands 8.2).</summary>
    public static List<Access> Of(StreamOperation operation, Accelerator accelerator)
    {
        List<Access> accesses = [];
        if (operation is DmaOperation dma)
        {
            accesses.Add(End(dma, dma.Source, false));
            accesses.Add(End(dma, dma.Destination, true));
            if (dma.Indices is { } indices)
                accesses.Add(new(indices.Region, IndexRange(dma, indices), false, "the indices"));
            return accesses;
        }
        KernelOperation kernel = (KernelOperation)operation;
        foreach ((AddressedFeatureMap map, string name) in kernel.ReadMaps)
            Add(accesses, map, false, name);
        if (kernel is ConvolutionOperation convolution)
        {
            foreach (StreamRange weights in convolution.Weights)
                accesses.Add(new(convolution.WeightRegion, weights, false, "the weights"));
            foreach (StreamRange scales in convolution.Scales)
                accesses.Add(new(convolution.ScaleRegion, scales, false, "the scales"));
        }
        if (kernel.Activation.TypedTable is { IsUsed: true } table)
            accesses.Add(new(SharedRamRegion, new(accelerator.LutAddress + table.Address, table.Bytes), false, "the lookup table"));
        else if (kernel.UsesTable)
            accesses.Add(new(SharedRamRegion, new(accelerator.LutAddress, Accelerator.LutBytes), false, "the lookup table"));
        if (kernel.StoredOfm is { } ofm)
            Add(accesses, ofm, true, "the output");
        accesses.Add(new(SharedRamRegion, new(0, accelerator.ShramEnd(kernel.UsesTable) * Accelerator.ShramBankBytes), true,
            "the shared RAM"));
        return accesses;
    }

    /// <summary>True if the order of the two accesses matters.</summary>
    public bool Conflicts(in Access other, NpuMemory memory) => (IsWrite || other.IsWrite)
        && Range.Length > 0 && other.Range.Length > 0 && Range.Address < other.Range.End && other.Range.Address < Range.End
        && (Region == SharedRamRegion || other.Region == SharedRamRegion ? Region == other.Region : memory.IsSame(Region, other.Region));

    private static void Add(List<Access> accesses, AddressedFeatureMap map, bool write, string name)
    {
        foreach (StreamRange range in map.Ranges())
            accesses.Add(new(map.Region, range, write, name));
    }

    /// <summary>From the first to the last byte of the indices of a transfer.</summary>
    private static StreamRange IndexRange(DmaOperation dma, DmaIndices indices)
    {
        long plane = dma.Rows * (long)sizeof(int);
        return new(indices.Address, ((dma.Planes - 1) * (plane + indices.PlaneSkip)) + plane);
    }

    private static Access End(DmaOperation dma, DmaEnd end, bool write)
    {
        long rows = end.IsIndexed ? dma.Indices!.Largest : dma.Rows - 1L;
        long lastRow = rows * dma.RowStep(end), lastPlane = (dma.Planes - 1L) * dma.PlaneStep(end);
        long first = end.Address + Math.Min(0, lastRow) + Math.Min(0, lastPlane);
        long length = Math.Abs(lastRow) + Math.Abs(lastPlane) + dma.Length;
        return new(end.IsSharedRam ? SharedRamRegion : end.Region, new(first, length), write, write ? "the destination"
            : "the source");
    }
}
