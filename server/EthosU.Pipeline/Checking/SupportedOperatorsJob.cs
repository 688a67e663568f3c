using System.Collections.Immutable;
using System.Text;
using EthosU.Files;
using EthosU.Npu.Support;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Checking;

/// <summary>Writes as Markdown which operators the NPU runs under which conditions: the compiler's rules with their pages.</summary>
public static class SupportedOperatorsJob
{
    /// <summary>The program's version.</summary>
    public static string Version { get; } = typeof(SupportedOperatorsJob).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Writes the report.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Run(string path)
    {
        OutputFile.Check(path);
        OutputFile.Write(path, Encoding.UTF8.GetBytes(Text()));
    }

    /// <summary>The report.</summary>
    internal static string Text()
    {
        StringBuilder text = new();
        text.Append("# Operators on the Ethos-U55 and Ethos-U65\n\n")
            .Append($"Written by Ethos-U Bridge {Version} from the compiler's own rules.\n\n")
            .Append("An operator of this list runs on the NPU unless one of its conditions, or one of those on every operator, holds; it ")
            .Append("runs on the CPU then, as operators do that are not listed. `ethosu check MODEL` says it for each operator of a ")
            .Append("model.\n\n| operator | conditions of its own |\n| --- | ---: |\n");
        foreach ((string name, ImmutableArray<string> rules) in SupportedOperators.All)
            text.Append($"| [{name}](#{name.ToLowerInvariant()}) | {rules.Length} |\n");
        Section(text, "Every operator", SupportedOperators.OnEveryOperator);
        foreach ((string name, ImmutableArray<string> rules) in SupportedOperators.All)
            Section(text, name, rules);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, ImmutableArray<string> rules)
    {
        text.Append($"\n## {title}\n\n");
        if (rules.IsEmpty)
            text.Append("It has no conditions of its own.\n");
        else
            text.Append("It runs on the CPU in these cases:\n\n");
        foreach (string rule in rules)
            text.Append($"- `{rule}`: {RulePage.Of(rule)?.Summary ?? throw new InvalidOperationException($"{rule} has no page")}\n");
    }
}
