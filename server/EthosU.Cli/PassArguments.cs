using System.CommandLine;
using EthosU.Graphs;

namespace EthosU.Cli;

/// <summary>
/// What looks for the pass that is at fault: <c>--passes print|verify|bisect:N</c>, which help does not list, or the environment variable
/// <c>ETHOSU_PASSES</c>.
/// </summary>
internal sealed class PassArguments
{
    private const string Variable = "ETHOSU_PASSES";

    private readonly Option<string?> passes = new("--passes") { Hidden = true };

    public PassArguments(Command command) => command.Add(passes);

    /// <summary>The choice; null if there is none.</summary>
    /// <exception cref="UsageException">It is none of the forms.</exception>
    public PassInstrumentation? Read(ParseResult result, CommandContext context)
    {
        (string source, string? text) = result.GetValue(passes) is { } given ? ("--passes", given)
            : (Variable, Environment.GetEnvironmentVariable(Variable));
        return string.IsNullOrEmpty(text) ? null
            : PassInstrumentation.Parse(text, context.Error.WriteLine)
            ?? throw new UsageException($"{source} takes {PassInstrumentation.Forms}, not '{text}'");
    }
}
