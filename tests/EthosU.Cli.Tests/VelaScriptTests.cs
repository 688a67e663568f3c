using System.Text.Json.Nodes;
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
            "--cpu-tensor-alignment", "64", "--experimental-softmax-int16-neg-exp-range", "10.0", "--force-symmetric-int-weights",
            "--tensor-allocator", "HillClimb", "--cop-format", "COP1", "--verbose-performance", "--verbose-config", "--show-cpu-operations",
            "--verbose-schedule");
        Assert.True(result.Code == ExitCodes.Done, result.Error);
        Assert.True(File.Exists(Path.Combine(output, "digits_vela.tflite")));
        Assert.StartsWith("experiment,network,", File.ReadAllText(
            Path.Combine(output, "digits_summary_Ethos_U55_High_End_Embedded.csv")), StringComparison.Ordinal);
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
    [InlineData("--separate-io-regions", "COP2")]
    [InlineData("--enable-debug-db", "--enable-debug-db is not possible: the form of the debug database is not documented")]
    [InlineData("--experimental-softmax-int16-neg-exp-range 8", "--experimental-softmax-int16-neg-exp-range other than 10")]
    [InlineData("--cpu-tensor-alignment 48", "--cpu-tensor-alignment must be a power of two of at least 16, not 48")]
    [InlineData("--cpu-tensor-alignment 8", "--cpu-tensor-alignment must be a power of two of at least 16, not 8")]
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
    public void WhatNeedsNoModelIsPrintedOrWritten()
    {
        Assert.Matches("^[0-9]+[.][0-9]+[.][0-9]+\n$", Cli.Succeed("compile", "--version"));
        Assert.Equal("Arm/vela.ini\n", Cli.Succeed("compile", "--list-config-files"));
        string builtIn = Cli.Succeed("compile", "--list-configs", "Arm/vela.ini"),
            own = Cli.Succeed("compile", "--list-configs", folder.Write("own.ini", "[Memory_Mode.Mine]\n[System_Config.Board]\n"u8));
        Assert.Contains("    Ethos_U65_High_End\n", builtIn, StringComparison.Ordinal);
        Assert.Contains("  system configurations:\n    Board\n  memory modes:\n    Mine\n", own, StringComparison.Ordinal);
        Assert.DoesNotContain("Shared_Sram", own, StringComparison.Ordinal);
        Cli.Succeed("compile", "--supported-ops-report", "--output-dir", folder.File("ops"));
        Assert.Contains("## DEPTHWISE_CONV_2D\n", File.ReadAllText(Path.Combine(folder.File("ops"), "SUPPORTED_OPS.md")),
            StringComparison.Ordinal);
        Cli.Result missing = Cli.Run("compile");
        Assert.Equal(ExitCodes.WrongArguments, missing.Code);
        Assert.Contains("the model to compile is missing", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFrontierIsPrintedAndNothingIsWritten()
    {
        string[] before = Directory.GetFiles(Path.GetDirectoryName(quantized)!);
        JsonNode curve = JsonNode.Parse(Cli.Succeed("compile", quantized, "--frontier", "json"))!;
        JsonArray points = curve["points"]!.AsArray();
        Assert.InRange(points.Count, 2, 16);
        for (int i = 1; i < points.Count; i++)
        {
            Assert.True(Value(i, "memoryBytes") > Value(i - 1, "memoryBytes"));
            Assert.True(Value(i, "cycles") < Value(i - 1, "cycles"));
        }
        string text = Cli.Succeed("compile", quantized, "--frontier");
        Assert.Contains("arena against cycles, for ethos-u55-128", text, StringComparison.Ordinal);
        Assert.Contains($"{Value(0, "cycles"):N0}", text, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(Path.GetDirectoryName(quantized)!));

        // Each point is what a compilation with its limit gives.
        string report = folder.File("r.json");
        Cli.Succeed("compile", quantized, "-o", folder.File("p.tflite"), "--arena-cache-size", $"{Value(0, "limit")}", "--report", report);
        JsonNode compiled = JsonNode.Parse(File.ReadAllText(report))!;
        Assert.Equal("performance", compiled["goal"]!.GetValue<string>());
        Assert.Equal(Value(0, "cycles"), compiled["estimate"]!["totalCycles"]!.GetValue<long>());
        Assert.Equal(Value(0, "memoryBytes"), compiled["memory"]!["arenaBytes"]!.GetValue<long>());
        long Value(int point, string name) => points[point]![name]!.GetValue<long>();
    }

    [Theory]
    [InlineData("Size")]
    [InlineData("balanced")]
    [InlineData("Performance")]
    public void TheGoalStandsBesideTheFigures(string goal)
    {
        string said = Cli.Succeed("compile", quantized, "-o", folder.File("g.tflite"), "--optimise", goal);
        Assert.Contains($"estimate ({goal.ToLowerInvariant()})", said, StringComparison.Ordinal);
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
