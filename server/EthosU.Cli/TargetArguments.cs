using System.CommandLine;
using EthosU.Pipeline.Targets;

namespace EthosU.Cli;

/// <summary>
/// The options that name an NPU and its surroundings, common to the commands that need one. Vela's names are accepted too.
/// </summary>
internal sealed class TargetArguments
{
    private readonly Option<string> target =
        new("--target", "--accelerator-config") { Description = "The accelerator: ethos-u55-32, -64, -128, -256, ethos-u65-256 or -512.",
        HelpName = "NAME", DefaultValueFactory = static _ => TargetChoice.DefaultAccelerator };
    private readonly Option<string?> system =
        new("--system-config") { Description = "The system configuration: clock and memories. Default: the accelerator's usual one.",
        HelpName = "NAME" };
    private readonly Option<string?> mode =
        new("--memory-mode") { Description = "The memory mode: Sram_Only, Shared_Sram, Dedicated_Sram, or one of the configuration file.",
        HelpName = "NAME" };
    private readonly Option<string[]> config =
        new("--config") { Description = "A file in the form of vela.ini with further configurations; may be repeated.", HelpName = "FILE" };
    private readonly Option<long?> cache =
        new("--arena-cache-size") { Description = "Bytes of fast memory. Default: the memory mode's own.", HelpName = "BYTES" };

    public TargetArguments(Command command)
    {
        foreach (Option option in new Option[] { target, system, mode, config, cache })
            command.Add(option);
    }

    /// <summary>The target that the arguments name.</summary>
    public TargetChoice Read(ParseResult result) => new()
    {
        Accelerator = result.GetRequiredValue(target),
        SystemConfig = result.GetValue(system),
        MemoryMode = result.GetValue(mode),
        ConfigPaths = result.GetValue(config) ?? [],
        ArenaCacheSize = result.GetValue(cache),
    };
}
