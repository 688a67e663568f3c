namespace EthosU.Npu.Commands;

/// <summary>
/// The registers as commands leave them: they keep their values from one operation to the next and start as 0 (npu-commands 4.4).
/// </summary>
public sealed class RegisterState
{
    private const int CodesPerKind = 0x200;
    private readonly ulong[] values = new ulong[2 * CodesPerKind];
    private readonly bool[] written = new bool[2 * CodesPerKind];

    /// <summary>The value of a register.</summary>
    public ulong this[CommandCode register] => values[Index(register)];

    /// <summary>Applies a command that sets a register.</summary>
    public void Set(Command command)
    {
        values[Index(command.Code)] = command.Value;
        written[Index(command.Code)] = true;
    }

    /// <summary>True if a command has set the register.</summary>
    public bool IsWritten(CommandCode register) => written[Index(register)];

    /// <summary>A field of a register.</summary>
    public long Read(CommandCode register, CommandField field) => field.Read(values[Index(register)]);

    private static int Index(CommandCode code) => ((int)code & 0x1FF) + (((int)code & 0x4000) != 0 ? CodesPerKind : 0);
}
