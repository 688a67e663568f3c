using System.Collections.Immutable;

namespace EthosU.Npu.Commands;

/// <summary>One action of a driver payload (npu-commands 2.2).</summary>
/// <param name="Tag">Its first word.</param>
/// <param name="Words">The words that follow; none for a command stream, whose words stand in the payload.</param>
public sealed record DriverAction(uint Tag, ImmutableArray<uint> Words)
{
    /// <summary>Configuration and architecture of the accelerator follow.</summary>
    public const int OptimizerConfig = 1;

    /// <summary>The command stream follows.</summary>
    public const int CommandStream = 2;

    /// <summary>Padding.</summary>
    public const int Nop = 5;

    /// <summary>What it is.</summary>
    public int Kind => (int)(Tag & 0xFF);
}
