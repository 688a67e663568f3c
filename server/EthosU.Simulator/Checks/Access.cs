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
            return accesses;
        }
        KernelOperation kernel = (KernelOperation)operation;
        Add(accesses, kernel.Ifm, false, "the input");
        if (kernel is ElementwiseOperation { Ifm2: { } ifm2, Scalar: null })
            Add(accesses, ifm2, false, "the second input");
        if (kernel is ConvolutionOperation convolution)
        {
            foreach (StreamRange weights in convolution.Weights)
                accesses.Add(new(convolution.WeightRegion, weights, false, "the weights"));
            foreach (StreamRange scales in convolution.Scales)
                accesses.Add(new(convolution.ScaleRegion, scales, false, "the scales"));
        }
        if (kernel.UsesTable)
            accesses.Add(new(SharedRamRegion, new(accelerator.LutAddress, Accelerator.LutBytes), false, "the lookup table"));
        Add(accesses, kernel.Ofm, true, "the output");
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

    private static Access End(DmaOperation dma, DmaEnd end, bool write)
    {
        long length = dma.Length * Math.Max(1, dma.Rows) * Math.Max(1, dma.Planes)
            + (end.StrideMode >= 1 ? dma.RowSkip * (dma.Rows - 1L) * dma.Planes : 0)
            + (end.StrideMode >= 2 ? dma.PlaneSkip * (dma.Planes - 1L) : 0);
        return new(end.IsSharedRam ? SharedRamRegion : end.Region, new(end.Address, length), write, write ? "the destination"
            : "the source");
    }
}
