using System.Buffers.Binary;
using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Commands;

/// <summary>What the driver gets with an <c>ethos-u</c> operator: configuration and command stream (npu-commands 2).</summary>
public sealed record DriverPayload
{
    private const uint FourCc = 0x31504F43;
    private const uint OptimizerConfigTag = 0x0010_0001;
    private const int AlignmentWords = 4;
    private const int LargestStream = (1 << 24) - 1;

    private DriverPayload(ImmutableArray<DriverAction> actions, HardwareConfig config, ArchitectureVersion version, CommandStream commands)
    {
        Actions = actions;
        Config = config;
        Version = version;
        Commands = commands;
    }

    /// <summary>The actions in order; that of the command stream stands for its words.</summary>
    public ImmutableArray<DriverAction> Actions { get; }

    /// <summary>The accelerator.</summary>
    public HardwareConfig Config { get; }

    /// <summary>The architecture's version.</summary>
    public ArchitectureVersion Version { get; }

    /// <summary>The command stream.</summary>
    public CommandStream Commands { get; }

    /// <summary>A payload of a stream, whose first word comes to lie at a multiple of 16 bytes.</summary>
    /// <exception cref="ArgumentException">The stream has 2^24 words or more, or is for another product.</exception>
    public static DriverPayload Create(HardwareConfig config, CommandStream commands)
    {
        int count = commands.Commands.Sum(static command => command.WordCount);
        if (count > LargestStream)
            throw new ArgumentException($"a command stream has at most {LargestStream} words, this has {count}", nameof(commands));
        if (config.Product != commands.Product)
            throw new ArgumentException($"commands of {commands.Product} for {config.Product}", nameof(commands));
        ArchitectureVersion version = ArchitectureVersion.Of(config.Product);
        List<DriverAction> actions = [new(OptimizerConfigTag, [config.Word, version.Word])];
        for (int position = 4; (position + 1) % AlignmentWords != 0; position++)
            actions.Add(new(DriverAction.Nop, []));
        actions.Add(new(((uint)count & 0xFFFF) << 16 | (uint)count >> 16 << 8 | DriverAction.CommandStream, []));
        return new([.. actions], config, version, commands with { Config = config });
    }

    /// <summary>Reads a payload.</summary>
    /// <param name="bytes">The content of the operator's first input.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <exception cref="ModelFormatException">It is damaged or of another format.</exception>
    public static DriverPayload Decode(ReadOnlySpan<byte> bytes, string fileName)
    {
        if (bytes.Length < 4 || bytes.Length % 4 != 0)
            throw new ModelFormatException(fileName, "driver payload", $"its length of {bytes.Length} bytes is no positive multiple of 4");
        var words = new uint[bytes.Length / 4];
        for (int i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
        return words[0] == FourCc ? Decode(words, fileName)
            : throw new ModelFormatException(fileName, "driver payload", $"it begins with 0x{words[0]:X8}, not with 'COP1'");
    }

    /// <summary>The bytes of the payload.</summary>
    public byte[] Encode()
    {
        List<uint> words = [FourCc];
        foreach (DriverAction action in Actions)
        {
            words.Add(action.Tag);
            words.AddRange(action.Kind == DriverAction.CommandStream ? Commands.Encode() : action.Words);
        }
        var bytes = new byte[words.Count * 4];
        for (int i = 0; i < words.Count; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }

    private static DriverPayload Decode(ReadOnlySpan<uint> words, string fileName)
    {
        List<DriverAction> actions = [];
        HardwareConfig? config = null;
        ArchitectureVersion version = default;
        CommandStream? commands = null;
        for (int i = 1; i < words.Length;)
        {
            uint tag = words[i];
            string place = $"driver payload, byte {4L * i}";
            int kind = (int)(tag & 0xFF);
            int length = kind switch
            {
                DriverAction.OptimizerConfig => 2,
                DriverAction.CommandStream => (int)((tag >> 8 & 0xFF) << 16 | tag >> 16),
                DriverAction.Nop => 0,
                _ => throw new ModelFormatException(fileName, place, $"0x{tag:X8} is no action of a driver"),
            };
            if (length > words.Length - i - 1)
                throw new ModelFormatException(fileName, place, $"an action of {length} words, but {words.Length - i - 1} words remain");
            ReadOnlySpan<uint> content = words.Slice(i + 1, length);
            if (kind == DriverAction.OptimizerConfig)
                (config, version) = (ReadConfig(content[0], fileName, place), new(content[1]));
            if (kind == DriverAction.CommandStream)
            {
                if (commands is not null || config is null)
                    throw new ModelFormatException(fileName, place, commands is null ? "no configuration stands before the command stream"
                        : "there are two command streams");
                commands = CommandStream.Decode(content, config.Value.Product, fileName) with { Config = config };
            }
            actions.Add(new(tag, kind == DriverAction.CommandStream ? [] : [.. content]));
            i += 1 + length;
        }
        return commands is not null ? new([.. actions], config!.Value, version, commands)
            : throw new ModelFormatException(fileName, "driver payload", "it holds no command stream");
    }

    private static HardwareConfig ReadConfig(uint word, string fileName, string place)
    {
        HardwareConfig config = new(word);
        if (config.AcceleratorName is null || config.StreamVersion != ProductFamily.Of(config.Product).StreamVersion
            || config.NeedsCustomDma)
            throw new ModelFormatException(fileName, place, $"the configuration 0x{word:X8} is that of no known Ethos-U");
        return config;
    }
}
