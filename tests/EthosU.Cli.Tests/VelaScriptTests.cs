using EthosU.Npy;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>A build script written for Vela changes one word; and the raw format.</summary>
public sealed class VelaScriptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private readonly string quantized;

    public VelaScriptTests()
    {
        quantized = folder.File("digits.tflite");
        Cli.Succeed("convert", Digits.Model, "-o", quantized, "--calibration", Digits.Calibration, "--samples", "4");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void VelasOptionsAreAccepted()
    {
        string output = folder.File("build/npu");
        Cli.Result result =
            Cli.Run("compile", quantized, "--accelerator-config", "ethos-u55-256", "--output-dir", output, "--optimise", "Performance",
            "--system-config", "Ethos_U55_High_End_Embedded", "--memory-mode", "Shared_Sram", "--config", "Arm/vela.ini",
            "--cpu-tensor-alignment", "16",
            "--tensor-allocator", "HillClimb", "--cop-format", "COP1", "--verbose-performance", "--verbose-config", "--show-cpu-operations",
            "--verbose-schedule");
        Assert.True(result.Code == ExitCodes.Done, result.Error);
        Assert.True(File.Exists(Path.Combine(output, "digits_vela.tflite")));
        Assert.Contains("note: --tensor-allocator has no effect: the compiler chooses by itself", result.Error, StringComparison.Ordinal);
        Assert.Contains("note: --verbose-schedule has no effect", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--cpu-tensor-alignment", result.Error, StringComparison.Ordinal);
        Assert.Contains("500 MHz", result.Output, StringComparison.Ordinal);
        Assert.Contains("no operator runs on the CPU", result.Output, StringComparison.Ordinal);
        Assert.Contains("/conv5/Conv", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void IgnoredOperatorsStayOnTheProcessor()
    {
        Cli.Result result =
            Cli.Run("compile", quantized, "-o", folder.File("c.tflite"), "--ignore-ops", "softmax,MAX_POOL_2D", "--show-cpu-operations");
        Assert.True(result.Code == ExitCodes.Done, result.Error);
        Assert.Contains("6 of 9 operators run on the NPU, in 3 parts", result.Output, StringComparison.Ordinal);
        Assert.Contains("on the CPU:", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--cop-format COP2", "--cop-format other than COP1 is not possible")]
    [InlineData("--separate-io-regions", "--separate-io-regions is not possible")]
    [InlineData("--force-symmetric-int-weights", "it would change the model's results")]
    [InlineData("--cpu-tensor-alignment 64", "--cpu-tensor-alignment other than 16")]
    [InlineData("--output-dir x -o y.tflite", "give one of them")]
    [InlineData("--arena-cache-size many", "'many'")]
    [InlineData("--format elf", "'elf' not recognized")]
    public void WhatWouldGiveAnotherResultIsRefused(string arguments, string expected)
    {
        Cli.Result result = Cli.Run(["compile", quantized, .. arguments.Split(' ')]);
        Assert.Equal(ExitCodes.WrongArguments, result.Code);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheRawFormatHoldsTheParts()
    {
        string raw = folder.File("digits_npu.npz"), model = folder.File("m.tflite");
        Cli.Succeed("compile", quantized, "--format", "raw");
        Cli.Succeed("compile", quantized, "-o", model);
        IReadOnlyDictionary<string, NumpyArray> parts = NumpyArchive.ReadAll(raw);
        Assert.Equal("COP1"u8, parts["cmd_data"].Bytes.Span[..4]);
        byte[] file = File.ReadAllBytes(model);
        Assert.True(file.AsSpan().IndexOf(parts["cmd_data"].Bytes.Span) > 0);
        Assert.True(file.AsSpan().IndexOf(parts["weight_data"].Bytes.Span) > 0);
        Assert.Equal([1, 32, 32, 3], parts["input_shape"].AsSpan<int>().ToArray());
        Assert.Equal([1, 10], parts["output_shape"].AsSpan<int>().ToArray());
        Assert.Equal("[0, 0]", parts["variable_shape"].Shape.ToString());
        Assert.Equal(-128, parts["input_zero_point"].AsSpan<int>()[0]);
        Assert.Equal(1 / 255f, parts["input_scale"].AsSpan<float>()[0], 6);
        Assert.Equal("input"u8, parts["input_names"].Bytes.Span);
        int scratch = parts["scratch_shape"].AsSpan<int>()[0], at = parts["output_offset"].AsSpan<int>()[0];
        Assert.InRange(at, 0, scratch - 10);
        Assert.Equal(0, at % 16);
    }

    [Fact]
    public void TheRawFormatHasNoPlaceForTheProcessor()
    {
        Cli.Result result = Cli.Run("compile", quantized, "--format", "raw", "-o", folder.File("x.npz"), "--ignore-ops", "SOFTMAX");
        Assert.Equal(ExitCodes.Refused, result.Code);
        Assert.Contains("[compile-raw-cpu-operators]", result.Error, StringComparison.Ordinal);
        Assert.Contains("SOFTMAX", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("x.npz")));
    }
}
