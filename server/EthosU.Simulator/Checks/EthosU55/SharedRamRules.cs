using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>What the Ethos-U55 and U65 ask of operations: blocks that fit the shared RAM, inputs of one type.</summary>
internal sealed class SharedRamRules(Execution run) : IKernelRules
{
    /// <inheritdoc/>
    public IEnumerable<(string Rule, string Description)> Problems(KernelOperation operation)
    {
        if (SharedRamChecker.Problem(operation, run.Accelerator) is { } sharedRam)
            yield return (ViolationRules.SharedRam, sharedRam);
        if (operation is ElementwiseOperation { Ifm2: { } ifm2 } && ifm2.Type != operation.Ifm.Type)
            yield return (ViolationRules.TypeMismatch, $"the inputs are {operation.Ifm.Type} and {ifm2.Type}; hardware reads both alike");
    }
}
