using System.Collections.Frozen;
using System.Collections.Immutable;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Commands;

/// <summary>The commands of a generation: what a code means, and what its bits are.</summary>
public sealed class CommandSet
{
    private readonly FrozenDictionary<CommandCode, CommandDefinition> byCode;

    private CommandSet(ImmutableArray<CommandDefinition> commands)
    {
        All = commands;
        byCode = commands.ToFrozenDictionary(static definition => definition.Code);
    }

    /// <summary>The commands in the order of their codes.</summary>
    public ImmutableArray<CommandDefinition> All { get; }

    /// <summary>Those of the Ethos-U55 and the Ethos-U65.</summary>
    public static CommandSet EthosU55 { get; } = new(CommandTable.All);

    /// <summary>Those of the Ethos-U85.</summary>
    public static CommandSet EthosU85 { get; } = new(EthosU85Table.All);

    /// <summary>Those of a product.</summary>
    public static CommandSet Of(NpuProduct product) => product == NpuProduct.U85 ? EthosU85 : EthosU55;

    /// <summary>The row of a command.</summary>
    /// <exception cref="KeyNotFoundException">There is no such command.</exception>
    public CommandDefinition Of(CommandCode code) => byCode[code];

    /// <summary>The row of a command, or null if there is none.</summary>
    public CommandDefinition? TryOf(CommandCode code) => byCode.GetValueOrDefault(code);
}
