using EthosU.Graphs;

namespace EthosU.Pipeline.Reports;

/// <summary>A finding in a report.</summary>
/// <param name="RuleId">Stable id of the rule.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Reason">What is the case.</param>
/// <param name="Advice">What to do about it.</param>
/// <param name="Operator">The operator concerned; absent if it is about the whole model.</param>
/// <param name="Tensor">The tensor concerned, if one is.</param>
/// <param name="Source">Where it comes from; absent if that is not known.</param>
public sealed record FindingReport(string RuleId, string Severity, string Reason, string Advice, string? Operator, string? Tensor,
    SourceReport? Source)
{
    internal static FindingReport Of(Finding finding) => new(finding.RuleId, SeverityWord(finding.Severity), finding.Reason, finding.Advice,
        finding.Operator, finding.Tensor, SourceReport.Of(finding.Source));

    private static string SeverityWord(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        _ => "info",
    };
}
