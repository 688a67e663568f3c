using System.IO.Compression;
using EthosU.Graphs;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiled;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Targets;
using EthosU.Testing;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Files that are compiled for an Ethos-U85, as the editor looks into them.</summary>
public sealed class EngineFileTests
{
    [Theory]
    [InlineData("ethos-u85-256-sram-only")]
    [InlineData("ethos-u85-1024-vela52")]
    public void Their_operations_are_shown_with_what_passes_between_them(string archive)
    {
        using TemporaryFolder folder = new();
        using ZipArchive zip = ZipFile.OpenRead(SharedData.Require("data", "u85", $"{archive}.zip"));
        foreach (ZipArchiveEntry entry in zip.Entries.Where(static entry => entry.Name.EndsWith(".tflite", StringComparison.Ordinal)))
        {
            string file = folder.File(entry.Name);
            entry.ExtractToFile(file);
            CheckedModel model = CheckJob.Check(new() { ModelPath = file }, TestContext.Current.CancellationToken);
            Assert.StartsWith(model.TargetSummary.Accelerator, archive, StringComparison.Ordinal);
            foreach (Node node in model.Graph.Nodes.Where(CheckedModel.IsPart))
            {
                PartView part = model.Open(node, file);
                Assert.Equal(model.TargetSummary.Accelerator, part.Accelerator);
                Assert.Equal(part.Length - 1, part.Operations().Length);
                Assert.All(part.Operations(), static operation => Assert.Null(operation.Cost));
                Assert.NotEmpty(part.Flows());
                // What passes without memory is seen, too.
                HashSet<string> writers = [.. part.Flows().Select(static flow => flow.From)];
                Assert.All(part.Operations().Where(static operation => operation.Description.Split(" -> ")[^1] is { } output
                    && (output.Contains("accumulators[", StringComparison.Ordinal) || output.Contains("@chain", StringComparison.Ordinal))),
                    operation => Assert.Contains(PartView.OperationId(operation.Index), writers));
            }
            CompileReport report = CompileJob.Estimate(file, model, OptimisationGoal.Performance, TestContext.Current.CancellationToken);
            Assert.Null(report.Estimate);
            Assert.True(report.NpuOperators > 0);
        }
    }

    [Fact]
    public void They_are_no_target_of_a_compilation()
    {
        Assert.DoesNotContain(AcceleratorSummary.All, static one => one.Name.Contains("u85", StringComparison.Ordinal));
        UnsupportedModelException refusal = Assert.Throws<UnsupportedModelException>(() => CompileJob.Run(new()
        {
            ModelPath = SharedData.Require("data", "opsuite", "abs_int8_rescaled.tflite"),
            OutputPath = "not-written.tflite",
            Target = new() { Accelerator = "ethos-u85-512" },
        }, null, TestContext.Current.CancellationToken));
        Assert.Equal("target-no-compiler", refusal.Findings.Single().RuleId);
        Assert.False(File.Exists("not-written.tflite"));
    }
}
