using System.Text.RegularExpressions;
using EthosU.Npu.Support;
using EthosU.Testing;
using Xunit;

namespace EthosU.Npu.Tests.Support;

/// <summary>Every rule that the engine can name has a page in docs/rules that says what, why and what to do.</summary>
public partial class RulePageTests
{
    private static readonly string Pages = Path.Combine(SharedData.RepositoryRoot, "docs", "rules");

    [Fact]
    public void Every_rule_has_a_page() =>
        Assert.Equal([], IdsInSources().Where(id => !File.Exists(Path.Combine(Pages, id + ".md"))).ToArray());

    [Fact]
    public void Every_page_on_the_npu_has_a_rule()
    {
        HashSet<string> ids = IdsInSources();
        Assert.Equal([], Directory.EnumerateFiles(Pages, "npu-*.md").Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Where(id => !ids.Contains(id)).ToArray());
    }

    [Fact]
    public void Support_rules_are_found_in_the_sources()
    {
        HashSet<string> ids = IdsInSources();
        Assert.All(SupportRules.All.Concat(CostRules.All), rule => Assert.Contains(rule.Id, ids));
        Assert.All(SupportRules.All.Concat(CostRules.All), rule => Assert.False(string.IsNullOrWhiteSpace(rule.Advice)));
    }

    [Fact]
    public void Pages_say_what_why_and_what_to_do()
    {
        foreach (string path in Directory.EnumerateFiles(Pages, "*.md"))
        {
            string text = File.ReadAllText(path);
            string id = Path.GetFileNameWithoutExtension(path);
            Assert.Matches(PageForm(), text);
            Assert.StartsWith($"# {id}\n", text, StringComparison.Ordinal);
            Assert.All(text.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
        }
    }

    private static HashSet<string> IdsInSources()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in Directory
            .EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "server"), "*.cs", SearchOption.AllDirectories))
        {
            if (path.Contains("/obj/", StringComparison.Ordinal) || path.Contains("\\obj\\", StringComparison.Ordinal))
                continue;
            foreach (Match match in RuleId().Matches(File.ReadAllText(path)))
                ids.Add(match.Groups[1].Value);
        }
        return ids;
    }

    // Ids of the known families, and whatever else stands before a finding's severity.
    [GeneratedRegex("\"((?:npu|target|onnx|calibration|quantize|accuracy|layout|tflite|compile)-[a-z0-9-]+|[a-z0-9]+(?:-[a-z0-9]+)+(?=\",\\s*FindingSeverity))\"")]
    private static partial Regex RuleId();

    [GeneratedRegex(@"^# \S+\n\n\S[^\n]{20,}\n\n## Why\n\n\S[^\n]{20,}\n\n## What to do\n\n\S[^\n]{10,}\n\n```\w+\n[\s\S]+\n```\n$")]
    private static partial Regex PageForm();
}
