using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Which nodes run on the NPU: what the rules allow, less what the user keeps on the CPU and what would not be exact.</summary>
internal sealed class PlacementDecision
{
    public const string KeptOnCpu = "compile-kept-on-cpu";
    public const string NotExact = "compile-not-exact";

    private readonly HashSet<Node> onNpu = [];

    private PlacementDecision(ImmutableArray<Finding> findings) => Findings = findings;

    /// <summary>Why nodes stay on the CPU, and what costs on the NPU; in the order of the nodes.</summary>
    public ImmutableArray<Finding> Findings { get; }

    /// <summary>True if the node runs on the NPU.</summary>
    public bool IsOnNpu(Node node) => onNpu.Contains(node);

    /// <summary>Decides for a model.</summary>
    public static PlacementDecision For(Graph graph, CompileOptions options)
    {
        SupportReport report = SupportChecker.CheckRewritten(graph, options.Target);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        findings.AddRange(report.Findings);
        List<Node> nodes = [];
        foreach (Node node in graph.Nodes)
        {
            if (report.Placements[node] != Placement.Npu)
                continue;
            if (options.KeepOnCpu.Contains(node.Name))
                findings.Add(Explain(node, KeptOnCpu, FindingSeverity.Info, "It is kept on the CPU by choice.",
                    "Remove its name from the options to run it on the NPU."));
            else if (node.Operator is Unary { Kind: UnaryKind.Rsqrt } && node.Input(0).Type == ElementType.Int16)
                findings.Add(Explain(node, NotExact, FindingSeverity.Warning,
                    "The NPU's table of 512 segments would only approximate this function of 16-bit data, by up to some per cent near 0.",
                    "Quantize this part of the model to int8: there the NPU's table is exact."));
            else
                nodes.Add(node);
        }
        PlacementDecision decision = new(findings.ToImmutable());
        decision.onNpu.UnionWith(nodes);
        return decision;
    }

    private static Finding Explain(Node node, string rule, FindingSeverity severity, string reason, string advice) =>
        new(rule, severity, reason, advice, node.Source) { Operator = node.Operator.Name, Tensor = node.Output.Name };
}
