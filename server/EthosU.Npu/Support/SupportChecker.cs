using System.Collections.Frozen;
using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Rewrites;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Support;

/// <summary>Decides which operators of a quantized graph the accelerator runs (npu-operators 1).</summary>
public static class SupportChecker
{
    /// <summary>Places each node on the accelerator or the processor, with the reasons.</summary>
    /// <param name="graph">A sound graph of integer tensors.</param>
    /// <param name="target">What is compiled for.</param>
    /// <exception cref="UnsupportedModelException">Sizes of the model are known only at run time.</exception>
    public static SupportReport Check(Graph graph, Target target) => Check(graph, target, []);

    /// <summary>The same; nodes of some names are to stay on the processor and do not become part of others.</summary>
    internal static SupportReport Check(Graph graph, Target target, IReadOnlyCollection<string> kept)
    {
        OpenShapes.Refuse(graph);
        (Graph rewritten, IReadOnlyDictionary<Node, Node> absorbed) = ModelRewrites.Apply(graph, kept);
        SupportReport report = CheckRewritten(rewritten, target);
        Dictionary<Node, Placement> placements = new(report.Placements);
        foreach ((Node node, Node by) in absorbed)
            placements[node] = placements[by];
        return new(placements.ToFrozenDictionary(), report.Findings);
    }

    /// <summary>The same of a graph as it is compiled.</summary>
    internal static SupportReport CheckRewritten(Graph rewritten, Target target)
    {
        var placements = new Dictionary<Node, Placement>();
        var findings = ImmutableArray.CreateBuilder<Finding>();
        Finding? ofModel = ModelKind.Explain(rewritten);
        if (ofModel is not null)
            findings.Add(ofModel);
        bool variables = false;
        foreach (Node node in rewritten.Nodes)
        {
            ImmutableArray<Finding> reasons = Explain(node, target);
            placements[node] = reasons.IsEmpty ? Placement.Npu : Placement.Cpu;
            if (reasons.IsEmpty)
                findings.AddRange(Run(CostRules.All, node, target));
            else if (ofModel is null && !VariableOperators.Contains(node.Operator))
                findings.AddRange(reasons);
            else if (ofModel is null && !variables)
                findings.Add(VariableOperators.Explain(rewritten));
            variables |= VariableOperators.Contains(node.Operator);
        }
        return new(placements.ToFrozenDictionary(), findings.ToImmutable());
    }

    /// <summary>The reasons why the accelerator does not run a node; empty if it does.</summary>
    public static ImmutableArray<Finding> Explain(Node node, Target target)
    {
        if (node.Operator is TableLookup)
            return []; // made only where it fits
        ImmutableArray<SupportRule> own = SupportRules.For(node.Operator);
        if (own.IsDefault || UnsupportedOperators.IsFloatQuantize(node) || UnsupportedOperators.IsTruth(node))
            return [UnsupportedOperators.Explain(node)];
        // What is wrong with the tensors makes the operator's own limits meaningless.
        Finding? general = Run(GeneralRules.All, node, target).FirstOrDefault();
        if (general is not null)
            return [general];
        ImmutableArray<Finding> reasons = [.. Run(own, node, target)];
        return reasons.IsEmpty ? [.. Run(ArithmeticRules.All, node, target).Take(1)] : reasons;
    }

    private static IEnumerable<Finding> Run(ImmutableArray<SupportRule> rules, Node node, Target target)
    {
        foreach (SupportRule rule in rules)
            if (rule.Check(node, target) is { } reason)
                yield return new(rule.Id, rule.Severity, reason, rule.AdviceFor?.Invoke(node.Operator) ?? rule.Advice, node.Source)
                {
                    Operator = node.Operator.Name,
                    Tensor = node.Outputs.IsEmpty ? null : node.Output.Name,
                };
    }
}
