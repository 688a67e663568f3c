using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Pipeline.Converting;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>PyTorch blocks that move elements: converted to int8 they run on the NPU alone, with the interpreter's bytes.</summary>
public sealed class MovementBlockTests
{
    [Theory]
    [InlineData("bidirectional-gru")]
    [InlineData("efficient-channel-attention")]
    [InlineData("pixel-shuffle")]
    [InlineData("pixel-unshuffle")]
    [InlineData("transposed-stride-3")]
    [InlineData("transposed-1d-stride-8")]
    [InlineData("upsample-bilinear-x2-aligned")]
    [InlineData("upsample-bilinear-x8-half-pixel")]
    [InlineData("resize-odd-size")]
    [InlineData("adaptive-pool-uneven")]
    [InlineData("peaks-by-max-pool")]
    [InlineData("dilation-beyond-the-map")]
    [InlineData("dilation-6")]
    [InlineData("channel-shuffle")]
    [InlineData("pooling-token-mixer")]
    public void A_block_runs_on_the_npu_alone(string block)
    {
        Graph graph = Converted(block);
        foreach (string accelerator in (string[])["ethos-u55-128", "ethos-u65-256"])
        {
            CompileCheck check =
                CompileCheck.AgainstInterpreter(graph, CompileCheck.Target(accelerator, "Shared_Sram"), samples: 2, seed: 1);
            Assert.True(check.Result.RunsEntirelyOnNpu, string.Join("; ", check.Result.Findings));
            Assert.Equal(0, check.DifferingBytes);
            Assert.Empty(check.Violations.Take(3));
        }
    }

    [Fact]
    public void A_lookup_by_token_says_what_to_give_the_model_instead()
    {
        CompileResult result = NpuCompiler.Compile(Converted("token-embedding"), new(CompileCheck.Target("ethos-u55-128", "Shared_Sram")),
            cancellation: TestContext.Current.CancellationToken);
        Finding finding = Assert.Single(result.Findings, finding => finding.Severity == FindingSeverity.Warning);
        Assert.Equal("npu-gather-const", finding.RuleId);
        Assert.Contains("embedding", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_that_is_computed_is_refused()
    {
        UnsupportedModelException refusal = Assert.Throws<UnsupportedModelException>(() => Converted("warp-by-grid-sample"));
        Assert.Contains(refusal.Findings, finding => finding.Reason.Contains("grid", StringComparison.Ordinal));
    }

    private static Graph Converted(string block)
    {
        string folder = Directory.CreateTempSubdirectory("ethosu-block").FullName;
        try
        {
            string path = Path.Combine(folder, $"{block}.tflite");
            ConvertJob.Run(
                new()
                {
                    ModelPath = SharedData.Require("data", "zoo", block, "model.onnx"), OutputPath = path,
                    Calibration = new() { Samples = 4 },
                },
                cancellation: TestContext.Current.CancellationToken);
            return TfLiteReader.Read(path);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
