using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Features;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;
using EthosU.Pipeline.Checking;
using EthosU.Testing;
using Xunit;

namespace EthosU.LanguageServer.Tests;

/// <summary>A list of problems is read only while it is short.</summary>
public sealed class ProblemCountTests
{
    private const int Most = 15;

    [Theory]
    [InlineData("zoo", "*.onnx")]
    [InlineData("wild", "*.onnx")]
    [InlineData("wild", "*.tflite")]
    [InlineData("trained", "*.onnx")]
    [InlineData("vela52", "*.tflite")]
    public async Task No_model_floods_the_list(string folder, string pattern)
    {
        Workspace workspace = new();
        using WorkspaceModels models = new(workspace);
        using Analyzer analyzer = new(workspace, CheckJob.Check);
        List<string> floods = [];
        int findings = 0;
        foreach (string file in Directory.EnumerateFiles(SharedData.Require("data", folder), pattern, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            ModelAnalysis analysis = await analyzer.AnalyzeAsync(file, null, TestContext.Current.CancellationToken);
            IReadOnlyList<(string Uri, Diagnostic Diagnostic)> problems = FindingPlacement.Of(analysis, workspace, models);
            findings = Math.Max(findings, analysis.Findings.Length);
            if (problems.Count > Most)
                floods.Add($"{Path.GetFileName(file)}: {problems.Count} problems for {analysis.Findings.Length} findings\n  "
                    + string.Join("\n  ", problems.Select(static problem => problem.Diagnostic.Message)));
        }
        Assert.True(floods.Count == 0, string.Join('\n', floods));
        Assert.InRange(findings, 1, int.MaxValue);
    }
}
