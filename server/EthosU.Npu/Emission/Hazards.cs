using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Emission;

/// <summary>Which bytes operations read and write, and the waits that follow (npu-commands 8.2).</summary>
internal sealed class Hazards(Accelerator accelerator)
{
    /// <summary>Number of the shared RAM among the regions.</summary>
    private const int SharedRam = 0x100;

    private readonly List<Access[]> transfers = [], kernels = [];

    /// <summary>The operation with the waits that it needs; operations are given in order.</summary>
    public StreamOperation WithWaits(StreamOperation operation)
    {
        Access[] accesses = [.. Accesses(operation)];
        bool transfer = operation is DmaOperation;
        List<Access[]> own = transfer ? transfers : kernels, others = transfer ? kernels : transfers;
        int? wait = null;
        for (int i = others.Count - 1; i >= 0; i--)
            if (Conflict(others[i], accesses))
            {
                wait = others.Count - 1 - i;
                others.RemoveRange(0, i + 1);
                break;
            }
        // Transfers among themselves keep their order, but not what follows from reading what another one writes.
        int? dmaWait = transfer ? null : wait;
        own.Add(accesses);
        if (own.Count > (transfer ? accelerator.MaxOutstandingDma : Accelerator.MaxOutstandingKernels))
            own.RemoveAt(0);
        return operation with { DmaWait = dmaWait, KernelWait = transfer ? wait : null };
    }

    /// <summary>True if a byte that one writes is read or written by the other.</summary>
    public static bool Conflict(IReadOnlyList<Access> first, IReadOnlyList<Access> second)
    {
        foreach (Access a in first)
            foreach (Access b in second)
                if ((a.Writes || b.Writes) && a.Region == b.Region && a.Start < b.End && b.Start < a.End)
                    return true;
        return false;
    }

    private IEnumerable<Access> Accesses(StreamOperation operation)
    {
        if (operation is DmaOperation dma)
        {
            yield return new(dma.Source.Region, dma.Source.Address, dma.Source.Address + dma.Length, false);
            yield return new(dma.Destination.IsSharedRam ? SharedRam : dma.Destination.Region, dma.Destination.Address,
                dma.Destination.Address + dma.Length, true);
            yield break;
        }
        var kernel = (KernelOperation)operation;
        foreach (Access access in Of(kernel.Ifm, false))
            yield return access;
        if (kernel is ElementwiseOperation { Scalar: null, Ifm2: { } ifm2 })
            foreach (Access access in Of(ifm2, false))
                yield return access;
        foreach (Access access in Of(kernel.Ofm, true))
            yield return access;
        if (kernel is ConvolutionOperation convolution)
        {
            foreach (StreamRange range in convolution.Weights)
                yield return new(convolution.WeightRegion, range.Address, range.End, false);
            foreach (StreamRange range in convolution.Scales)
                yield return new(convolution.ScaleRegion, range.Address, range.End, false);
        }
        if (kernel.UsesTable)
            yield return new(SharedRam, accelerator.LutAddress, accelerator.LutAddress + Accelerator.LutBytes, false);
        yield return new(SharedRam, 0, (long)accelerator.ShramEnd(kernel.UsesTable) * Accelerator.ShramBankBytes, true);
    }

    private static IEnumerable<Access> Of(AddressedFeatureMap map, bool writes) =>
        map.Ranges().Select(range => new Access(map.Region, range.Address, range.End, writes));

    /// <summary>Bytes of a region that are read or written.</summary>
    internal readonly record struct Access(int Region, long Start, long End, bool Writes);
}
