using System.Buffers.Binary;
using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Commands;

/// <summary>
/// A register command stream as a list of commands; every bit of the words is kept, so encoding gives the words it was decoded from.
/// </summary>
/// <param name="Product">The generation whose commands these are.</param>
/// <param name="Commands">The commands in order.</param>
public sealed record CommandStream(NpuProduct Product, ImmutableArray<Command> Commands)
{
    /// <summary>The configuration of its payload; null if it comes from none.</summary>
    public HardwareConfig? Config { get; init; }

    private const uint ControlMask = 0xC000;
    private const uint PayloadControl = 0x4000;

    /// <summary>Reads words.</summary>
    /// <param name="words">The words of the stream.</param>
    /// <param name="product">The generation whose commands they are.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <exception cref="ModelFormatException">A word is no command of the product, or the last command's payload is missing.</exception>
    public static CommandStream Decode(ReadOnlySpan<uint> words, NpuProduct product, string fileName)
    {
        CommandSet set = CommandSet.Of(product);
        var commands = ImmutableArray.CreateBuilder<Command>(words.Length);
        for (int i = 0; i < words.Length;)
        {
            uint word = words[i];
            CommandCode code = (CommandCode)(word & 0xFFFF);
            CommandDefinition? definition = set.TryOf(code);
            if ((word & ControlMask) > PayloadControl || definition is null || !definition.ExistsOn(product))
                throw new ModelFormatException(fileName, Place(commands.Count, i), $"0x{word:X8} is no command of Ethos-{product}");
            if (i + (definition.HasPayload ? 2 : 1) > words.Length)
                throw new ModelFormatException(fileName, Place(commands.Count, i),
                    $"{definition.Name} needs a second word, but the stream ends");
            commands.Add(new(code, (ushort)(word >> 16), definition.HasPayload ? words[i + 1] : 0) { Set = set });
            i += definition.HasPayload ? 2 : 1;
        }
        return new(product, commands.ToImmutable());
    }

    /// <summary>Reads little-endian words.</summary>
    /// <exception cref="ModelFormatException">A word is no command of the product, the last command's payload is missing, or bytes
    /// remain.</exception>
    public static CommandStream Decode(ReadOnlySpan<byte> bytes, NpuProduct product, string fileName)
    {
        if (bytes.Length % 4 != 0)
            throw new ModelFormatException(fileName, "command stream", $"its length of {bytes.Length} bytes is no multiple of 4");
        var words = new uint[bytes.Length / 4];
        for (int i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
        return Decode(words, product, fileName);
    }

    /// <summary>The words of the stream.</summary>
    public uint[] Encode()
    {
        List<uint> words = new(Commands.Length * 2);
        foreach (Command command in Commands)
        {
            words.Add((uint)command.Code | ((uint)command.Parameter << 16));
            if (command.HasPayload)
                words.Add(command.Payload);
        }
        return [.. words];
    }

    private static string Place(int command, int word) => $"command stream, command {command} (byte {4L * word})";
}
