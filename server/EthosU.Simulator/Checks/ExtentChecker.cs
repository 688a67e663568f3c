using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>
/// Ends the run before an operation whose feature maps cannot lie where the registers put them; nothing larger than memory is allocated
/// behind it.
/// </summary>
internal static class ExtentChecker
{
    /// <summary>More than any chaining buffer and any accumulators hold.</summary>
    private const long LargestUnwritten = 1 << 24;

    public static void Check(Execution run, StreamOperation operation)
    {
        if (operation is not KernelOperation kernel)
            return;
        foreach ((AddressedFeatureMap map, string name) in kernel.ReadMaps)
            Check(run, map, name);
        if (kernel.StoredOfm is not { } ofm)
        {
            if (kernel.Ofm.ElementCount > LargestUnwritten)
                throw new SimulationStopException(ViolationRules.TooMuchWork,
                    $"the output has {kernel.Ofm.ElementCount} elements, of which none is written");
            return;
        }
        Check(run, ofm, "the output");
        long size = run.Memory.Region(ofm.Region)!.Size;
        if (ofm.ElementCount > size / ofm.ElementBytes)
            throw new SimulationStopException(ViolationRules.OutsideRegion,
                $"the output has {ofm.ElementCount} elements, its region {size} bytes");
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
