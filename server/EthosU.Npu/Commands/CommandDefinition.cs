using System.Collections.Immutable;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Commands;

/// <summary>What a command is: its code, its name in the hardware's documentation and the fields of its value.</summary>
/// <param name="Code">The code.</param>
/// <param name="Name">The hardware's name, such as <c>NPU_SET_IFM_REGION</c>.</param>
/// <param name="Fields">The fields; bits outside all of them are reserved and 0.</param>
public sealed record CommandDefinition(CommandCode Code, string Name, ImmutableArray<CommandField> Fields)
{
    /// <summary>The only product that knows it; null if both do.</summary>
    public NpuProduct? Only { get; init; }

    /// <summary>True if a 32-bit payload follows the first word.</summary>
    public bool HasPayload => ((int)Code & 0x4000) != 0;

    /// <summary>True if the command acts at once; false if it sets a register.</summary>
    public bool IsOperation => (int)Code < 0x100 || Code == CommandCode.OpBranch;

    /// <summary>The bits that some field covers.</summary>
    public ulong UsedBits { get; } = Fields.Aggregate(0UL, static (bits, field) => bits | field.Mask);

    /// <summary>True if the product knows the command.</summary>
    public bool ExistsOn(NpuProduct product) => Only is null || Only == product;
}
