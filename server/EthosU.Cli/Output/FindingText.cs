using EthosU.Graphs;
using EthosU.Pipeline.Reports;

namespace EthosU.Cli.Output;

/// <summary>Writes findings for people.</summary>
internal static class FindingText
{
    private const string Info = "info";
    private const int ShownRemarks = 3;

    /// <summary>Writes each finding as its place, its reason and what to do.</summary>
    public static void Write(TextWriter writer, IEnumerable<Finding> findings)
    {
        foreach (Finding finding in findings)
            Write(writer, finding.Severity.ToString().ToLowerInvariant(), finding.RuleId, finding.Operator,
                Place(SourceReport.Of(finding.Source)), finding.Reason, finding.Advice);
    }

    /// <summary>Writes the findings of a report in the same form.</summary>
    public static void Write(TextWriter writer, IEnumerable<FindingReport> findings)
    {
        Dictionary<string, int> remarks = [];
        foreach (FindingReport finding in findings)
        {
            // Remarks of one kind are shown a few times, and then counted.
            if (finding.Severity == Info && (remarks[finding.RuleId] = remarks.GetValueOrDefault(finding.RuleId) + 1) > ShownRemarks)
                continue;
            Write(writer, finding.Severity, finding.RuleId, finding.Operator, Place(finding.Source), finding.Reason, finding.Advice);
        }
        foreach ((string rule, int count) in remarks.Where(static pair => pair.Value > ShownRemarks))
            writer.WriteLine($"{Info}: {count - ShownRemarks} more of [{rule}]; a report as JSON lists all");
    }

    /// <summary>Name and, where known, file and line: <c>conv1 (net.py:12)</c>.</summary>
    public static string Place(SourceReport? source) => source switch
    {
        null => "",
        { File: { } file } => $"{source.Node ?? source.Operator} ({file}:{source.Line})",
        _ => source.Node ?? source.Operator ?? "",
    };

    private static void Write(TextWriter writer, string severity, string rule, string? name, string place, string reason, string advice)
    {
        string where = PlainText.Line(string.Join(' ', new[] { name, place }.Where(static part => !string.IsNullOrEmpty(part))));
        writer.WriteLine(where.Length > 0 ? $"{severity}: {where} [{rule}]" : $"{severity}: [{rule}]");
        writer.WriteLine($"  {PlainText.Line(reason)}");
        if (advice.Length > 0)
            writer.WriteLine($"  {PlainText.Line(advice)}");
    }
}
