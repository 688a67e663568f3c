using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>Finds operations that write over an input other than element for element.</summary>
internal static class InPlaceChecker
{
    private const long LargestComparison = 1 << 24;

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(Execution run, KernelOperation operation)
    {
        bool elementwise = operation is ElementwiseOperation
            || operation is PoolingOperation { Mode: not PoolingMode.ReduceSum, Kernel: { Height: 1, Width: 1, StrideX: 1, StrideY: 1 },
            Upscale: NpuUpscale.None };
        elementwise &= operation.OutputOrder.IsPlain;
        if (operation.StoredOfm is not { } ofm)
            return null;
        foreach ((AddressedFeatureMap map, string name) in operation.ReadMaps)
            if (Overwrites(run, ofm, map, elementwise))
                return $"the output overwrites {name}, and not each element in its own place";
        return null;
    }

    private static bool Overwrites(Execution run, AddressedFeatureMap ofm, AddressedFeatureMap ifm, bool elementwise)
    {
        if (!run.Memory.IsSame(ofm.Region, ifm.Region)
            || !ofm.Ranges().Any(a => ifm.Ranges().Any(b => a.Address < b.End && b.Address < a.End)))
            return false;
        bool same = ofm.Layout == ifm.Layout && ofm.Tiles == ifm.Tiles && ofm.ElementBytes == ifm.ElementBytes
            && (ofm.Height, ofm.Width, ofm.Depth) == (ifm.Height, ifm.Width, ifm.Depth)
            && ofm.StrideY == ifm.StrideY && ofm.ColumnStep == ifm.ColumnStep
            && (ofm.Layout == FeatureMapLayout.Nhwc || ofm.StrideC == ifm.StrideC);
        if (elementwise && same)
            return false;
        if (ByteIntervals.Bound(ofm) + ByteIntervals.Bound(ifm) > LargestComparison)
            throw new SimulationStopException(ViolationRules.TooMuchWork, "input and output overlap, and are too large to tell where");
        run.Charge(ByteIntervals.Bound(ofm) + ByteIntervals.Bound(ifm));
        return ByteIntervals.Of(ofm, ElementBox.All(ofm)).Intersects(ByteIntervals.Of(ifm, ElementBox.All(ifm)));
    }
}
