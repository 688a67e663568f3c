using EthosU.Graphs;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Support;

public class SupportRuleTests
{
    private static readonly Target Target = TargetCatalog.Standard.Resolve("ethos-u55-128");

    [Fact]
    public void Rules_are_broken_by_what_they_forbid()
    {
        var problems = new List<string>();
        foreach ((string rule, Node node) in RuleCases.Breaking())
        {
            var findings = SupportChecker.Explain(node, Target);
            if (!findings.Any(f => f.RuleId == rule && f.Severity == FindingSeverity.Warning && f.Reason.EndsWith('.')))
                problems.Add($"{rule}: {node} gives [{string.Join(" | ", findings)}]");
        }
        Assert.Empty(problems);
    }

    [Fact]
    public void Every_rule_is_broken_by_a_case()
    {
        HashSet<string> broken = [.. RuleCases.Breaking().Select(c => c.Rule)];
        Assert.Equal([], SupportRules.All.Select(r => r.Id).Distinct().Where(id => !broken.Contains(id)).ToArray());
    }

    [Fact]
    public void What_just_fits_runs_on_the_npu() =>
        Assert.Empty(RuleCases.JustSupported().SelectMany(n => SupportChecker.Explain(n, Target).Select(f => $"{n}: {f}")));

    [Fact]
    public void What_costs_is_remarked()
    {
        foreach ((string rule, Node node) in RuleCases.Costly())
        {
            Tensor[] inputs = [.. node.Inputs.OfType<Tensor>().Where(t => !t.IsConstant && !t.IsVariable)];
            SupportReport report = SupportChecker.Check(new Graph("g", [node], [.. inputs], node.Outputs), Target);
            Assert.True(report.RunsOnNpuOnly, string.Join("; ", report.Findings));
            Assert.Contains(report.Findings,
                f => f.RuleId == rule
                    && f.Severity == (rule is "npu-cost-log-softmax" or "npu-cost-concat" ? FindingSeverity.Warning
                    : FindingSeverity.Info));
        }
        Assert.Equal(CostRules.All.Select(r => r.Id).Order(), RuleCases.Costly().Select(c => c.Rule).Order());
    }

    [Fact]
    public void Findings_name_the_source()
    {
        var source = new Source { NodeName = "act" };
        Tensor x = new("x", ElementType.Int8, [1, 4], Quantization.PerTensor(1, 0)),
            y = new("y", ElementType.Int8, [1, 4], Quantization.PerTensor(1, 0));
        Finding finding = Assert.Single(SupportChecker.Explain(new Node(new Unary(UnaryKind.Elu), [x], [y], source), Target));
        Assert.Equal(("npu-op-not-supported", "ELU", "y", source), (finding.RuleId, finding.Operator, finding.Tensor, finding.Source));
    }

    [Theory]
    [InlineData(UnaryKind.Elu, "LeakyReLU")]
    [InlineData(UnaryKind.Sqrt, "torch.rsqrt")]
    [InlineData(UnaryKind.Square, "x * x")]
    [InlineData(UnaryKind.Sin, "constant")]
    [InlineData(UnaryKind.Floor, "rounded")]
    public void An_operator_without_a_form_has_advice_of_its_own(UnaryKind kind, string words) =>
        Assert.Contains(words, Assert.Single(SupportChecker.Explain(UnaryNode(kind, ElementType.Int8), Target)).Advice,
        StringComparison.Ordinal);

    /// <summary>What only stays in floating point because of its neighbours is told so; it needs no other activation.</summary>
    [Fact]
    public void An_operator_left_in_float_points_to_its_neighbours()
    {
        Tensor x = new("x", ElementType.Float32, [1, 4]), y = new("y", ElementType.Float32, [1, 4]);
        foreach (Operator op in (Operator[])[new Binary(BinaryKind.Maximum), new Binary(BinaryKind.Add), new Reshape()])
        {
            Finding finding = Assert.Single(SupportChecker.Explain(new(op, [x, x], [y]), Target));
            Assert.Equal("npu-gen-type", finding.RuleId);
            Assert.Contains("replace that one", finding.Advice, StringComparison.Ordinal);
            Assert.DoesNotContain("Hardswish", finding.Advice, StringComparison.Ordinal);
        }
    }

    private static Node UnaryNode(UnaryKind kind, ElementType type) =>
        new(new Unary(kind), [new("x", type, [1, 4], Quantization.PerTensor(1, 0))],
        [new("y", type, [1, 4], Quantization.PerTensor(1, 0))]);
}
