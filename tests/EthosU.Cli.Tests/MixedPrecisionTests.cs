using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npy;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>Layers of 16 bits within a budget.</summary>
public sealed class MixedPrecisionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>The result is a plain model that the compiler takes, and the NPU's simulator computes it as the interpreter does.</summary>
    [Fact]
    public void ABudgetIsSpentOnLayersThatGain()
    {
        JsonNode mixed = Convert("--max-slowdown", "60%")!;

        Assert.NotEmpty(mixed["layers"]!.AsArray());
        Assert.True(mixed["sqnrAfter"]!.GetValue<double>() > mixed["sqnrBefore"]!.GetValue<double>());
        Assert.InRange(mixed["cyclesAfter"]!.GetValue<long>(), 1, mixed["cyclesBefore"]!.GetValue<long>() * 1.6);
        string quantized = folder.File("mixed.tflite"), compiled = folder.File("npu.tflite"), input = folder.File("x.npy");
        var values = new byte[4 * 32 * 32 * 3];
        new Random(3).NextBytes(values);
        NumpyFile.Write(input, new NumpyArray(ElementType.Int8, [4, 32, 32, 3], values));
        Cli.Succeed("compile", quantized, "-o", compiled);
        Cli.Succeed("run", quantized, "-i", input, "--samples", "-o", folder.File("a"));
        Cli.Succeed("run", compiled, "-i", input, "--samples", "-o", folder.File("b"));
        Assert.Equal(File.ReadAllBytes(folder.File("a_0.npy")), File.ReadAllBytes(folder.File("b_0.npy")));
    }

    [Fact]
    public void WithoutABudgetNothingIsReported() => Assert.Null(Convert());

    [Theory]
    [InlineData("--max-slowdown", "much", "15%")]
    [InlineData("--target-sqnr", "-3", "above 0")]
    public void WhatIsNoBudgetIsRefused(string option, string value, string expected)
    {
        Cli.Result refused = Cli.Run("convert", Digits.Model, "--calibration", Digits.Calibration, option, value);
        Assert.Equal(ExitCodes.WrongArguments, refused.Code);
        Assert.Contains(expected, refused.Error, StringComparison.Ordinal);
    }

    private JsonNode? Convert(params string[] options)
    {
        string report = folder.File("report.json");
        Cli.Succeed(["convert", Digits.Model, "-o", folder.File("mixed.tflite"), "--calibration", Digits.Calibration, "--samples", "16",
            "--report", report, .. options]);
        return JsonNode.Parse(File.ReadAllText(report))!["mixed"];
    }
}
