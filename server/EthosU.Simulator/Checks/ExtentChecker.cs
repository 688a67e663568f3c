using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>
/// Ends the run before an operation whose feature maps cannot lie where the registers put them; nothing larger than memory is allocated
/// behind it.
/// </summary>
internal static class ExtentChecker
{
    public static void Check(Execution run, StreamOperation operation)
    {
        if (operation is not KernelOperation kernel)
            return;
        Check(run, kernel.Ifm, "the input");
        Check(run, kernel.Ofm, "the output");
        if (kernel is ElementwiseOperation { Ifm2: { } ifm2, Scalar: null })
            Check(run, ifm2, "the second input");
        long size = run.Memory.Region(kernel.Ofm.Region)!.Size;
        if (kernel.Ofm.ElementCount > size / kernel.Ofm.ElementBytes)
            throw new SimulationStopException(ViolationRules.OutsideRegion,
                $"the output has {kernel.Ofm.ElementCount} elements, its region {size} bytes");
    }

    private static void Check(Execution run, AddressedFeatureMap map, string name)
    {
        if (run.Memory.Region(map.Region) is not { } region)
            throw new SimulationStopException(ViolationRules.OutsideRegion,
                $"{name} lies in region {map.Region}, which the operator does not have");
        foreach (StreamRange range in map.Ranges())
            if (range.Address < 0 || range.End > region.Size)
                throw new SimulationStopException(ViolationRules.OutsideRegion,
                    $"{name} takes the bytes 0x{range.Address:X} to 0x{range.End - 1:X} of region {map.Region}, which has {region.Size} "
                        + $"bytes");
    }
}
