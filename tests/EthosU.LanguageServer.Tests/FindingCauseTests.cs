using EthosU.Graphs;
using EthosU.LanguageServer.Features;
using EthosU.LanguageServer.Python;
using Xunit;

namespace EthosU.LanguageServer.Tests;

/// <summary>One cause is one problem, however many operators it has.</summary>
public sealed class FindingCauseTests
{
    private const string Script = """
        import torch

        class Block(torch.nn.Module):
            def forward(self, x):
                y = self.norm(x)  # ethosu: ignore npu-cost-transpose

                # ethosu: ignore
                return self.act(y)

        class Outer(torch.nn.Module):
            class Inner(torch.nn.Module):
                def forward(self, x):
                    return x
            def forward(self, x):
                return x
        """;

    [Fact]
    public void Operators_of_one_class_and_rule_are_one_problem()
    {
        FindingCause[] causes = [.. FindingCause.Of([.. Enumerable.Range(0, 12)
            .Select(i => Placed("SiLU", $"The output [1, {i}, 8] is slow.", 30 + i, "C2f"))])];
        FindingCause cause = Assert.Single(causes);
        Assert.Equal("12\u00a0×\u00a0SiLU in C2f, lines 31–42: The output [1, 0, 8] is slow. Use another.", cause.Describe());
    }

    [Fact]
    public void Other_reasons_rules_and_classes_stand_apart()
    {
        Assert.Equal(4, FindingCause.Of([Placed("SiLU", "slow", 1, "A"), Placed("SiLU", "not exact", 1, "A"),
            Placed("SiLU", "slow", 9, "B"), Placed("GELU", "slow", 1, "A")]).Count());
        Assert.Equal("SiLU: slow Use another.", FindingCause.Of([Placed("SiLU", "slow", 1, "A")]).Single().Describe());
        Assert.Equal("2\u00a0×\u00a0SiLU: slow Use another.",
            FindingCause.Of([Placed("SiLU", "slow", 1, ""), Placed("SiLU", "slow", 1, "")]).Single().Describe());
    }

    [Theory]
    [InlineData(4, "Block")]
    [InlineData(12, "Inner")]
    [InlineData(14, "Outer")]
    [InlineData(0, "")]
    [InlineData(400, "")]
    public void The_class_around_a_line_is_found(int line, string name) => Assert.Equal(name, new PythonScript(Script).ClassAround(line));

    [Theory]
    [InlineData(4, "npu-cost-transpose", true)]
    [InlineData(4, "npu-gen-dim", false)]
    [InlineData(5, "npu-cost-transpose", false)]
    [InlineData(7, "npu-gen-dim", true)]
    [InlineData(8, "npu-gen-dim", false)]
    public void Comments_say_what_is_known(int line, string rule, bool ignored) =>
        Assert.Equal(ignored, new PythonScript(Script).Ignores(line, rule));

    private static PlacedFinding Placed(string op, string reason, int line, string scope) =>
        new(new("npu-slow", FindingSeverity.Warning, reason, "Use another.", Source.None) { Operator = op }, "file:///net.py", line, scope,
            line);
}
