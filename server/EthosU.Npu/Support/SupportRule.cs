using EthosU.Graphs;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Support;

/// <summary>A condition that an operator must meet to run on the accelerator, or a cost worth knowing.</summary>
/// <param name="Id">Stable id; documented in <c>docs/rules</c>.</param>
/// <param name="Check">The reason why a node breaks the rule; null if it does not.</param>
/// <param name="Advice">What a PyTorch user can do.</param>
internal sealed record SupportRule(string Id, Func<Node, Target, string?> Check, string Advice)
{
    /// <summary>Advice in words of the operator's own, where <see cref="Advice"/> is too general.</summary>
    public Func<Operator, string>? AdviceFor { get; init; }

    /// <summary>How loudly to speak of a node that breaks it.</summary>
    public FindingSeverity Severity { get; init; } = FindingSeverity.Warning;

    /// <summary>A rule that is the same for all targets.</summary>
    public SupportRule(string id, Func<Node, string?> check, string advice)
        : this(id, (node, _) => check(node), advice)
    {
    }
}
