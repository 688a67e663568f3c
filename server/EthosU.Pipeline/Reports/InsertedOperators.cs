using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Pipeline.Reports;

/// <summary>
/// Operators that the conversion puts in (transposes, gathers, changes of scale): what is said of them is said once, and never as if the
/// user had written them.
/// </summary>
internal static class InsertedOperators
{
    private const string Layout = "layout-", Rescale = "npu-cost-rescale";

    /// <summary>The findings of the conversion and of the placement together.</summary>
    /// <param name="conversion">What was found before the placement.</param>
    /// <param name="placement">What was found on the operators of the converted model.</param>
    public static ImmutableArray<FindingReport> Merge(ImmutableArray<FindingReport> conversion, ImmutableArray<Finding> placement)
    {
        (HashSet<int> said, List<Finding> rest) =
            Select([.. conversion.Select(static f => (f.RuleId, f.Operator, f.Tensor, f.Advice))], placement);
        return [.. conversion.Where((_, i) => !said.Contains(i)), .. rest.Select(FindingReport.Of)];
    }

    /// <summary>The same for findings that are not reports yet.</summary>
    public static ImmutableArray<Finding> Merge(ImmutableArray<Finding> conversion, ImmutableArray<Finding> placement)
    {
        (HashSet<int> said, List<Finding> rest) =
            Select([.. conversion.Select(static f => (f.RuleId, f.Operator, f.Tensor, f.Advice))], placement);
        return [.. conversion.Where((_, i) => !said.Contains(i)), .. rest];
    }

    /// <summary>Which findings of the conversion say no more than one of the placement, and what of the placement is to be said.</summary>
    private static (HashSet<int> Said, List<Finding> Others) Select(
        ImmutableArray<(string Rule, string? Operator, string? Tensor, string Advice)> conversion, ImmutableArray<Finding> placement)
    {
        Dictionary<(string?, string?), int> moved = [];
        for (int i = 0; i < conversion.Length; i++)
            if (conversion[i].Rule.StartsWith(Layout, StringComparison.Ordinal) && conversion[i].Tensor is not null)
                moved.TryAdd((conversion[i].Operator, conversion[i].Tensor), i);
        HashSet<int> said = [];
        List<Finding> rest = [];
        foreach (Finding finding in placement)
        {
            if (finding.RuleId == Rescale && finding.Source.OperatorType is { } type
                && !type.Contains("Quantize", StringComparison.Ordinal))
                continue; // between two ranges that calibration has found
            if (!moved.TryGetValue((finding.Operator, finding.Tensor), out int at))
            {
                rest.Add(finding);
            }
            else if (finding.Severity != FindingSeverity.Info)
            {
                said.Add(at);
                rest.Add(finding with { Advice = conversion[at].Advice });
            }
        }
        return (said, rest);
    }
}
