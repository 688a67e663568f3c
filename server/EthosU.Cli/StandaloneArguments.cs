using System.CommandLine;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Targets;

namespace EthosU.Cli;

/// <summary>
/// Vela's options that need no model: they print or write something, and that is all. Hidden in the help; <c>docs/compiler.md</c> lists
/// them.
/// </summary>
internal sealed class StandaloneArguments
{
    private const string ReportName = "SUPPORTED_OPS.md";

    private readonly Option<bool> version = Flag("--version"), files = Flag("--list-config-files"), operators =
        Flag("--supported-ops-report");
    private readonly Option<string?> sections = new("--list-configs") { Hidden = true };

    public StandaloneArguments(Command command)
    {
        foreach (Option option in new Option[] { version, files, operators, sections })
            command.Add(option);
    }

    /// <summary>Does what such an option asks for.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="folder">Where files go.</param>
    /// <param name="context">Where text goes.</param>
    /// <returns>False if there is none of them.</returns>
    public bool Run(ParseResult result, string folder, CommandContext context)
    {
        if (result.GetValue(version))
            context.Output.WriteLine(SupportedOperatorsJob.Version);
        else if (result.GetValue(files))
            context.Output.WriteLine(ConfigListing.BuiltInFile);
        else if (result.GetValue(sections) is { } path)
            Write(context.Output, ConfigListing.Of(path));
        else if (result.GetValue(operators))
        {
            string report = Path.Combine(folder, ReportName);
            if (folder.Length > 0)
                Directory.CreateDirectory(folder);
            SupportedOperatorsJob.Run(report);
            if (!context.Quiet)
                context.Output.WriteLine(report);
        }
        else
            return false;
        return true;
    }

    private static void Write(TextWriter output, ConfigListing listing)
    {
        output.WriteLine($"{listing.File}:");
        output.WriteLine("  system configurations:");
        foreach (string name in listing.SystemConfigs)
            output.WriteLine($"    {name}");
        output.WriteLine("  memory modes:");
        foreach (string name in listing.MemoryModes)
            output.WriteLine($"    {name}");
    }

    private static Option<bool> Flag(string name) => new(name) { Hidden = true };
}
