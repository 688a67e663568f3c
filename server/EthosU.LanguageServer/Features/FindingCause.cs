using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;

namespace EthosU.LanguageServer.Features;

/// <summary>Findings with one cause: the same rule says the same of operators of one kind, in one class of the script.</summary>
/// <param name="Findings">All of them, in the order of their lines.</param>
internal sealed partial record FindingCause(ImmutableArray<PlacedFinding> Findings)
{
    private const string Several = "\u00a0×\u00a0";

    /// <summary>The first, which speaks for all.</summary>
    public PlacedFinding First => Findings[0];

    /// <summary>How bad it is.</summary>
    public FindingSeverity Severity => First.Finding.Severity;

    /// <summary>Findings by their causes, in the order of their first lines.</summary>
    public static IEnumerable<FindingCause> Of(IEnumerable<PlacedFinding> findings) => findings
        .GroupBy(static placed => (placed.Uri, placed.Scope, placed.Finding.RuleId, placed.Finding.Operator, placed.Finding.Severity,
            Pattern: PatternOf(placed.Finding.Reason)))
        .Select(static group => new FindingCause([.. group.OrderBy(static placed => placed.Line)]))
        .OrderBy(static cause => cause.First.Uri, StringComparer.Ordinal).ThenBy(static cause => cause.First.Line);

    /// <summary>What is the case and what to do: <c>12 × SiLU in C2f, lines 31–58: …</c>.</summary>
    public string Describe()
    {
        Finding finding = First.Finding;
        return $"{Place()}{finding.Reason} {finding.Advice}".TrimEnd();
    }

    /// <summary>The same without the advice, for what stands beside another cause.</summary>
    public string DescribeBriefly() => $"{Place()}{First.Finding.Reason}".TrimEnd();

    private string Place()
    {
        string? op = First.Finding.Operator;
        if (Findings.Length == 1)
            return op is null ? "" : $"{op}{Module()}: ";
        string count = Figures.Count(Findings.Length) + Several, what = op ?? "the same";
        int[] lines = [.. Findings.Select(static placed => placed.Line + 1).Distinct()];
        string scope = First.Scope is { Length: > 0 } name ? $" in {name}" : "";
        string where = First.Scope is null || lines.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture,
            $"{(scope.Length > 0 ? ", lines" : " on lines")} {lines[0]}–{lines[^1]}");
        return $"{count}{what}{scope}{where}: ";
    }

    /// <summary>The module of the one operator on a Python line, which may be one of many of its class.</summary>
    private string Module() => First is { Scope: not null, Finding.Source.Module: { } module } ? $" in {module}" : "";

    /// <summary>A reason without what differs from one operator to the next: numbers, shapes, names.</summary>
    private static string PatternOf(string reason) => Particular().Replace(reason, "#");

    [GeneratedRegex(@"'[^']*'|\[[^\]]*\]|\d[\d.,×x*-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Particular();
}
