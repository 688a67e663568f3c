using EthosU.Npu.Commands;

namespace EthosU.Simulator;

/// <summary>
/// Finds kernels whose first jobs may read what the previous kernel's last blocks have not yet written: job f may run beside the g-th last block whenever f + g is
/// less than the block dependency (npu-commands, section 8.3).
/// </summary>
internal sealed class BlockDependencyChecker(Execution run)
{
    /// <summary>Checks a kernel behind another that may be under way.</summary>
    public void Check(KernelOperation previous, KernelOperation next)
    {
        if (next.BlockDependency == 0)
            return;
        bool first = MayOverlap(previous.Ofm, next.Ifm);
        AddressedFeatureMap? ifm2 = next is ElementwiseOperation { Scalar: null } elementwise ? elementwise.Ifm2 : null;
        bool second = ifm2 is not null && MayOverlap(previous.Ofm, ifm2);
        if (!first && !second)
            return;
        BlockJobs before = new(previous, run.Accelerator), after = new(next, run.Accelerator);
        for (int g = 0; g < next.BlockDependency && g < before.Blocks; g++)
        {
            ByteIntervals written = Bytes(previous.Ofm, before.Output(before.Blocks - 1 - g));
            for (int f = 0; f + g < next.BlockDependency && f < after.Count; f++)
            {
                bool shared = (first && written.Intersects(Bytes(next.Ifm, after.Input(f))))
                    || (second && written.Intersects(Bytes(ifm2!, after.SecondInput(f))));
                if (!shared)
                    continue;
                run.Report(ViolationRules.BlockDependency,
                    $"with a block dependency of {next.BlockDependency} job {f} may read what block {before.Blocks - 1 - g} of command {previous.CommandIndex} ({OperationText.Describe(previous)}) has not yet written; it must be {f + g} or less");
                return;
            }
        }
    }

    private ByteIntervals Bytes(AddressedFeatureMap map, ElementBox box)
    {
        run.Charge(box.Inside(map).Count);
        return ByteIntervals.Of(map, box);
    }

    private bool MayOverlap(AddressedFeatureMap a, AddressedFeatureMap b) => run.Memory.IsSame(a.Region, b.Region)
        && a.Ranges().Any(x => b.Ranges().Any(y => x.Address < y.End && y.Address < x.End));
}
