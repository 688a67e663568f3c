using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>Follows which transfers and kernels may be under way, and finds conflicts without a wait (npu-commands 8.1 and 8.2).</summary>
internal sealed class WaitChecker(Execution run)
{
    private readonly List<(StreamOperation Operation, List<Access> Accesses)> transfers = [];
    private readonly List<(StreamOperation Operation, List<Access> Accesses)> kernels = [];

    /// <summary>True if the kernel may still be under way.</summary>
    public bool IsOutstanding(KernelOperation kernel) => kernels.Exists(entry => ReferenceEquals(entry.Operation, kernel));

    /// <summary>The next operation.</summary>
    public void Check(StreamOperation operation)
    {
        if (operation.DmaWait is { } dmaWait)
            Keep(transfers, dmaWait);
        if (operation.KernelWait is { } kernelWait)
            Keep(kernels, kernelWait);
        List<Access> accesses = Access.Of(operation, run.Accelerator);
        bool isDma = operation is DmaOperation;
        foreach ((StreamOperation other, List<Access> others) in isDma ? kernels : transfers)
            Compare(accesses, other, others, isDma ? "NPU_OP_KERNEL_WAIT" : "NPU_OP_DMA_WAIT");
        List<(StreamOperation, List<Access>)> own = isDma ? transfers : kernels;
        own.Add((operation, accesses));
        Keep(own, isDma ? run.Accelerator.MaxOutstandingDma : Accelerator.MaxOutstandingKernels);
    }

    private void Compare(List<Access> accesses, StreamOperation other, List<Access> others, string wait)
    {
        foreach (Access access in accesses)
            foreach (Access earlier in others)
                if (access.Conflicts(earlier, run.Memory))
                    run.Report(ViolationRules.MissingWait,
                        $"{access.Name} overlaps {earlier.Name} of command {other.CommandIndex} ({OperationText.Describe(other)}), which "
                            + $"may still be under way: {wait} is missing");
    }

    private static void Keep(List<(StreamOperation, List<Access>)> entries, int count)
    {
        if (entries.Count > count)
            entries.RemoveRange(0, entries.Count - count);
    }
}
