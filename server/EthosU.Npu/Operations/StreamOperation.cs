using EthosU.Npu.Commands;

namespace EthosU.Npu.Operations;

/// <summary>
/// One operation of a command stream with everything that the registers said when it was started. An
/// architecture's <see cref="ICommandFormat"/> makes these of commands, and commands of these.
/// </summary>
public abstract record StreamOperation
{
    /// <summary>Number of the command that starts it, from 0; −1 if it comes from no stream.</summary>
    public int CommandIndex { get; init; } = -1;

    /// <summary>It starts only when at most this many DMA transfers are under way; null: it does not wait.</summary>
    public int? DmaWait { get; init; }

    /// <summary>It starts only when at most this many kernel operations are under way; null: it does not wait.</summary>
    public int? KernelWait { get; init; }
}
