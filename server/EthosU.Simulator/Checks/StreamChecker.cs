using EthosU.Npu.Commands;

namespace EthosU.Simulator;

/// <summary>The checks that need no execution, operation by operation.</summary>
internal sealed class StreamChecker(Execution run)
{
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
    }
}
