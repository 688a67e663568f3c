using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>What a core of the Ethos-U55 and U65 works on at once.</summary>
internal sealed class SharedRamJobs : IJobRules
{
    private const int SliceBytes = 32;

    /// <inheritdoc/>
    public BlockShape InputUnit(Accelerator accelerator) => accelerator.IfmMicroBlock;

    /// <inheritdoc/>
    /// <remarks>
    /// 32 bytes of channels at a time; part-kernel-first takes 16. Wider slices reach as far in fewer jobs and stand for both.
    /// </remarks>
    public int InputSlice(KernelOperation operation, Accelerator accelerator) => SliceBytes / operation.Ifm.ElementBytes;
}
