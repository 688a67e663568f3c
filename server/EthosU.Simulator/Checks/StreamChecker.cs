using EthosU.Npu.Commands;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>The checks that need no execution, operation by operation.</summary>
internal sealed class StreamChecker(Execution run)
{
    private readonly WaitChecker waits = new(run);
    private readonly BlockDependencyChecker dependencies = new(run);
    private readonly IKernelRules rules = run.Architecture.Rules(run);
    private KernelOperation? previous;

    /// <summary>Reserved bits.</summary>
    public void CheckCommands()
    {
        int index = 0;
        foreach (Command command in run.Program.Payload.Commands.Commands)
        {
            ulong reserved = command.Value & ~command.Definition.UsedBits;
            if (reserved != 0)
                run.Report(index, ViolationRules.ReservedBits, $"{command.Definition.Name} sets reserved bits 0x{reserved:X}");
            index++;
        }
    }

    /// <summary>Everything about one operation.</summary>
    public void Check(StreamOperation operation)
    {
        foreach (string problem in AlignmentChecker.Problems(operation, run.Accelerator.Family.TransfersSingleBytes))
            run.Report(ViolationRules.Alignment, problem);
        waits.Check(operation);
        if (operation is not KernelOperation kernel)
            return;
        foreach ((string rule, string description) in rules.Problems(kernel))
            run.Report(rule, description);
        if (InPlaceChecker.Problem(run, kernel) is { } overwritten)
            run.Report(ViolationRules.OverwritesInput, overwritten);
        if (previous is not null && waits.IsOutstanding(previous))
            dependencies.Check(previous, kernel);
        previous = kernel;
    }
}
