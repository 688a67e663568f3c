namespace EthosU.Npu.Commands;

/// <summary>One command of a stream with every bit that it carries (npu-commands 4.1).</summary>
/// <param name="Code">What it does.</param>
/// <param name="Parameter">Bits 31:16 of the first word.</param>
/// <param name="Payload">The second word; 0 if there is none.</param>
public readonly record struct Command(CommandCode Code, ushort Parameter, uint Payload = 0)
{
    private readonly CommandSet? set;

    /// <summary>The generation whose command it is; that of the Ethos-U55 if nothing is said.</summary>
    public CommandSet Set
    {
        get => set ?? CommandSet.EthosU55;
        init => set = ReferenceEquals(value, CommandSet.EthosU55) ? null : value;
    }

    /// <summary>Its row in the table.</summary>
    public CommandDefinition Definition => Set.Of(Code);

    /// <summary>The bits that fields refer to: the parameter, or the payload with the parameter in bits 47:32.</summary>
    public ulong Value => HasPayload ? Payload | ((ulong)Parameter << 32) : Parameter;

    /// <summary>True if it takes two words.</summary>
    public bool HasPayload => ((int)Code & 0x4000) != 0;

    /// <summary>Number of 32-bit words: 1 or 2.</summary>
    public int WordCount => HasPayload ? 2 : 1;

    /// <summary>A command with the value given.</summary>
    public static Command WithValue(CommandCode code, ulong value) => ((int)code & 0x4000) != 0
        ? new(code, (ushort)(value >> 32), (uint)value)
        : new(code, (ushort)value);

    /// <summary>Reads one field.</summary>
    public long Read(CommandField field) => field.Read(Value);

    /// <summary>Name and fields, such as <c>NPU_SET_IFM_PRECISION type=signed, width=8</c>.</summary>
    public override string ToString()
    {
        ulong value = Value;
        CommandDefinition definition = Definition;
        return definition.Fields.IsEmpty ? definition.Name
            : $"{definition.Name} {string.Join(", ", definition.Fields.Select(field => $"{field.Name}={field.Describe(value)}"))}";
    }
}
