using System.Text.Json.Nodes;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Reports;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>What SARIF 2.1.0 asks for, and what code hosts need to show a finding on its line.</summary>
public sealed class SarifTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void FindingsLieOnTheirLinesWithRulesThatExplainThem()
    {
        string model = SharedData.Require("samples", "detector", "detector.onnx");
        Cli.Result result = Cli.Run("check", model, "--format", "sarif");
        Assert.Equal(ExitCodes.FallsBack, result.Code);
        JsonNode run = Run(result.Output);
        JsonArray rules = run["tool"]!["driver"]!["rules"]!.AsArray(), results = run["results"]!.AsArray();
        Assert.Equal(JsonNode.Parse(Cli.Run("check", model, "--format", "json").Output)!["findings"]!.AsArray().Count, results.Count);
        Assert.All(rules,
            static rule => Assert
                .All(new[] { "shortDescription", "fullDescription", "help" }, key => Assert.NotEqual("", (string)rule![key]!["text"]!)));
        Assert.Equal(rules.Count, rules.Select(static rule => (string)rule!["id"]!).Distinct().Count());
        Assert.DoesNotContain(rules, static rule => ((string)rule!["help"]!["text"]!).Contains("](../", StringComparison.Ordinal));
        Assert.All(results, finding =>
        {
            Assert.Equal((string)finding!["ruleId"]!, (string)rules[(int)finding["ruleIndex"]!]!["id"]!);
            Assert.Contains((string)finding["level"]!, new[] { "note", "warning", "error" });
            Assert.NotEqual("", (string)finding["message"]!["text"]!);
            JsonNode physical = Assert.Single(finding["locations"]!.AsArray())!["physicalLocation"]!;
            string uri = (string)physical["artifactLocation"]!["uri"]!;
            Assert.True(Uri.IsWellFormedUriString(uri, UriKind.RelativeOrAbsolute), uri);
            Assert.Equal(!Uri.IsWellFormedUriString(uri, UriKind.Absolute), physical["artifactLocation"]!["uriBaseId"] is not null);
            if (physical["region"] is { } region)
                Assert.True((int)region["startLine"]! > 0);
        });
        // The export ran on another computer; the file of that name beside the model is meant.
        JsonNode[] fallbacks = [.. results.Where(static finding => (string)finding!["level"]! == "warning"
            && ((string)finding["message"]!["text"]!).StartsWith("CUMSUM ", StringComparison.Ordinal))
            .Select(static finding => finding!["locations"]![0]!)];
        Assert.NotEmpty(fallbacks);
        Assert.All(fallbacks, static location =>
        {
            string uri = (string)location["physicalLocation"]!["artifactLocation"]!["uri"]!;
            Assert.EndsWith("/detector.py", uri, StringComparison.Ordinal);
            Assert.DoesNotContain("/home/user/", uri, StringComparison.Ordinal);
            Assert.True((int)location["physicalLocation"]!["region"]!["startLine"]! > 0);
            Assert.NotEqual("", (string)location["logicalLocations"]![0]!["name"]!);
        });
    }

    /// <summary>What the exporter's computer was called and who worked there does not leave it.</summary>
    [Theory]
    [InlineData("/home/somebody/secret/net/model.py", "net/model.py")]
    [InlineData(@"C:\Users\somebody\net\model.py", "net/model.py")]
    [InlineData("net/model.py", "net/model.py")]
    public void RecordedPathsAreNotAbsolute(string recorded, string expected)
    {
        FindingReport finding = new("npu-gen-type", "warning", "reason", "", "ADD", "y", new("node", "Add", null, recorded, 7, "forward"));
        JsonNode run = Run(SarifReport.Write(new CheckReport(folder.File("m.onnx"), "ethos-u55-128", 1, 1, [finding]), folder.Path));
        Assert.Equal(expected, (string)run["results"]![0]!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]!);
        // Nor does that of a file which is here, but elsewhere than in the workspace.
        using TemporaryFolder other = new();
        FindingReport here = finding with { Source = finding.Source! with { File = other.Write("m.py", []) } };
        string text = SarifReport.Write(new CheckReport(folder.File("m.onnx"), "ethos-u55-128", 1, 1, [here]), folder.Path);
        Assert.DoesNotContain(other.Path, text, StringComparison.Ordinal);
    }

    [Fact]
    public void ARefusedModelIsAnErrorInItsFile()
    {
        string path = folder.Write("odd.onnx", TinyOnnx.Chain([1, 4], "Relu", "Frobnicate"));
        Cli.Result result = Cli.Run("check", path, "--format", "sarif");
        Assert.Equal(ExitCodes.Refused, result.Code);
        JsonNode finding = Assert.Single(Run(result.Output)["results"]!.AsArray())!;
        Assert.Equal("error", (string)finding["level"]!);
        JsonNode location = finding["locations"]![0]!;
        Assert.EndsWith("/odd.onnx", (string)location["physicalLocation"]!["artifactLocation"]!["uri"]!, StringComparison.Ordinal);
        Assert.Equal("node1", (string)location["logicalLocations"]![0]!["name"]!);
    }

    [Fact]
    public void AModelThatFitsHasNoFindingOfAFallback()
    {
        Cli.Result result = Cli.Run("check", Digits.Model, "--format", "sarif");
        Assert.Equal(ExitCodes.Done, result.Code);
        Assert.DoesNotContain(Run(result.Output)["results"]!.AsArray(), static finding => (string)finding!["level"]! != "note");
    }

    private static JsonNode Run(string text)
    {
        JsonNode log = JsonNode.Parse(text)!;
        Assert.Equal("2.1.0", (string)log["version"]!);
        Assert.EndsWith("sarif-2.1.0.json", (string)log["$schema"]!, StringComparison.Ordinal);
        JsonNode run = Assert.Single(log["runs"]!.AsArray())!;
        Assert.Equal("ethosu", (string)run["tool"]!["driver"]!["name"]!);
        Assert.EndsWith("/", (string)run["originalUriBaseIds"]!["SRCROOT"]!["uri"]!, StringComparison.Ordinal);
        return run;
    }
}
