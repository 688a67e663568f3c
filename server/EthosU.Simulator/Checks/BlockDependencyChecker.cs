using EthosU.Npu.Commands;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>
/// Finds kernels whose first jobs may read what the previous kernel's last blocks have not yet written: with block dependency b job f may
/// run beside the g-th last block whenever f + g is less than b (npu-commands 8.3). Both kernels are walked block by block; nothing is
/// shared with the compiler's choice. Fetches follow each other in order, and so do writes: what a job writes cannot harm what an earlier
/// block reads or writes.
/// </summary>
internal sealed class BlockDependencyChecker(Execution run)
{
    /// <summary>Checks a kernel behind another that may be under way.</summary>
    public void Check(KernelOperation previous, KernelOperation next)
    {
        int dependency = next.BlockDependency;
        if (dependency == 0)
            return;
        string other = $"command {previous.CommandIndex} ({OperationText.Describe(previous)})";
        if (!run.Accelerator.KeepsTables && previous.UsesTable && !next.UsesTable)
        {
            run.Report(ViolationRules.BlockDependency,
                $"with a block dependency of {dependency} it may overwrite the lookup table that {other} is still reading; it must be 0");
            return;
        }
        if (previous.StoredOfm is not { } ofm)
            return;
        bool first = next.ReadsIfm && MayOverlap(ofm, next.Ifm), second = next.ReadsIfm2 && MayOverlap(ofm, next.Ifm2!);
        if (!first && !second)
            return;
        ElementBox[] blocks = [.. new BlockWalk(previous, run).BlocksFromLast().Take(dependency)];
        ByteIntervals[] written = [.. blocks.Select(block => Bytes(ofm, block.Stored(previous.OutputOrder, ofm)))];
        BlockJob[] jobs = [.. new BlockWalk(next, run).Jobs().Take(dependency)];
        for (int sum = 0; sum < dependency; sum++)
            for (int f = 0; f <= sum && f < jobs.Length; f++)
            {
                int g = sum - f;
                if (g >= written.Length
                    || !((first && Reads(next.Ifm, jobs[f].First, written[g]))
                    || (second && Reads(next.Ifm2!, jobs[f].Second!.Value, written[g]))))
                    continue;
                string block = g == 0 ? "the last block" : $"block {g} before the last";
                run.Report(ViolationRules.BlockDependency,
                    $"with a block dependency of {dependency} job {f} may read what {block} of {other} has not yet written; it must be "
                        + $"{sum} or less");
                return;
            }
    }

    private ByteIntervals Bytes(AddressedFeatureMap map, in ElementBox box)
    {
        run.Charge(box.Inside(map).Count);
        return ByteIntervals.Of(map, box);
    }

    private bool Reads(AddressedFeatureMap map, in ElementBox box, ByteIntervals written)
    {
        run.Charge(box.Inside(map).Count);
        return written.Intersects(map, box);
    }

    private bool MayOverlap(AddressedFeatureMap a, AddressedFeatureMap b) => b.ChainBuffer is null && run.Memory.IsSame(a.Region, b.Region)
        && a.Ranges().Any(x => b.Ranges().Any(y => x.Address < y.End && y.Address < x.End));
}
