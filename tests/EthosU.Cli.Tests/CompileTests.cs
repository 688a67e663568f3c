using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npy;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

public sealed class CompileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("ethos-u55-128")]
    [InlineData("ethos-u65-512")]
    public void TheSampleRunsOnTheNpuAloneWithTheSameBytes(string target)
    {
        string quantized = folder.File("digits.tflite"), compiled = folder.File("npu.tflite"), report = folder.File("r.json");
        Cli.Succeed("convert", Digits.Model, "-o", quantized, "--calibration", Digits.Calibration, "--samples", "8");
        string said = Cli.Succeed("compile", quantized, "--target", target, "-o", compiled, "--report", report);
        Assert.Contains("9 of 9 operators run on the NPU, in 1 part", said, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(File.ReadAllText(report))!;
        Assert.Equal(0, json["cpuOperators"]!.GetValue<int>());
        Assert.Equal(9, json["placement"]!.AsArray().Count);
        Assert.True(json["estimate"]!["totalCycles"]!.GetValue<long>() > 10_000);
        Assert.Equal(["ethos-u"], JsonNode.Parse(Cli.Succeed("inspect", compiled, "--format", "json"))!["operators"]!.AsArray()
            .Select(static o => o!["name"]!.GetValue<string>()));

        var values = new byte[4 * 32 * 32 * 3];
        new Random(3).NextBytes(values);
        string input = folder.File("x.npy");
        NumpyFile.Write(input, new NumpyArray(ElementType.Int8, [4, 32, 32, 3], values));
        Cli.Succeed("run", quantized, "-i", input, "--samples", "-o", folder.File("a"));
        Cli.Result run = Cli.Run("run", compiled, "-i", input, "--samples", "-o", folder.File("b"), "--quiet");
        Assert.Equal(new Cli.Result(ExitCodes.Done, "", ""), run);
        Assert.Equal(File.ReadAllBytes(folder.File("a_0.npy")), File.ReadAllBytes(folder.File("b_0.npy")));
    }

    [Fact]
    public void AnOnnxModelIsConvertedFirst()
    {
        string quantized = folder.File("digits.tflite"), first = folder.File("first.tflite"), second = folder.File("second.tflite");
        string[] conversion = ["--calibration", Digits.Calibration, "--samples", "8"];
        Cli.Succeed(["convert", Digits.Model, "-o", quantized, .. conversion]);
        Cli.Succeed("compile", quantized, "-o", first);
        Cli.Succeed(["compile", Digits.Model, "-o", second, "--accelerator-config", "ethos-u55-128", "--optimise", "Performance",
            .. conversion]);
        string Operators(string path) =>
            JsonNode.Parse(Cli.Succeed("disassemble", path, "--format", "json"))!["operators"]![0]!["operations"]!.ToJsonString();
        Assert.Equal(Operators(first), Operators(second));
    }

    [Fact]
    public void CheckSaysWhetherAllRunsOnTheNpu()
    {
        Assert.Contains("all 9 operators run on the NPU", Cli.Succeed("check", Digits.Model), StringComparison.Ordinal);
        Cli.Result detector = Cli.Run("check", SharedData.Require("samples", "detector", "detector.onnx"), "--format", "json");
        Assert.Equal(ExitCodes.FallsBack, detector.Code);
        JsonNode json = JsonNode.Parse(detector.Output)!;
        Assert.True(json["cpuOperators"]!.GetValue<int>() > 0);
        Assert.Contains(json["findings"]!.AsArray(),
            static f => f!["source"]?["file"]?.GetValue<string>().EndsWith("detector.py", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void CheckOpensACompiledModel()
    {
        string quantized = folder.File("digits.tflite"), whole = folder.File("whole.tflite"), mixed = folder.File("mixed.tflite");
        Cli.Succeed("convert", Digits.Model, "-o", quantized, "--calibration", Digits.Calibration, "--samples", "4");
        Cli.Succeed("compile", quantized, "-o", whole);
        Cli.Succeed("compile", quantized, "-o", mixed, "--ignore-ops", "SOFTMAX,MAX_POOL_2D");
        Assert.Matches("compiled already: 1 ethos-u operator with [1-9][0-9]+ operations of the NPU; nothing runs on the CPU",
            Cli.Succeed("check", whole));
        Cli.Result result = Cli.Run("check", mixed);
        Assert.Equal(ExitCodes.FallsBack, result.Code);
        Assert.Contains("3 ethos-u operators with", result.Output, StringComparison.Ordinal);
        Assert.Contains("3 other operators on the CPU", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeCompiledIsRefusedWithAdvice()
    {
        string output = folder.File("out.tflite"), compiled = folder.File("npu.tflite"), report = folder.File("r.json");
        Cli.Succeed("compile", Digits.Model, "-o", compiled, "--calibration", Digits.Calibration, "--samples", "4");
        Fails(ExitCodes.Refused, "has been compiled for an Ethos-U already", compiled, "-o", output, "--report", report);
        Assert.True(JsonNode.Parse(File.ReadAllText(report))!["refused"]!.GetValue<bool>());
        Fails(ExitCodes.Refused, "There is no target 'ethos-u99'", Digits.Model, "-o", output, "--target", "ethos-u99");
        Fails(ExitCodes.Refused, "Sram_Nowhere", Digits.Model, "-o", output, "--memory-mode", "Sram_Nowhere");
        Fails(ExitCodes.WrongArguments, "there is no such file", Digits.Model, "-o", output, "--config", folder.File("absent.ini"));
        Fails(ExitCodes.Refused, "bad.ini", Digits.Model, "-o", output, "--config", folder.Write("bad.ini", "[System_Config.X\n"u8));
        Fails(ExitCodes.Refused, "clock.ini: line 2: core_clock must be a number", Digits.Model, "-o", output, "--config",
            folder.Write("clock.ini", "[System_Config.X]\ncore_clock=fast\n"u8), "--system-config", "X");
        Fails(ExitCodes.Refused, "The memory mode 'Dedicated_Sram' does not fit the system configuration", Digits.Model, "-o", output,
            "--memory-mode", "Dedicated_Sram");
        Fails(ExitCodes.WrongArguments, "--optimise takes performance|balanced|size, not 'fast'", Digits.Model, "-o", output, "--optimise",
            "fast");
        Fails(ExitCodes.WrongArguments, "there is no such file", folder.File("absent.tflite"), "-o", output);
        Assert.False(File.Exists(output));
    }

    private static void Fails(int code, string expected, params string[] args)
    {
        Cli.Result result = Cli.Run(["compile", .. args]);
        Assert.True(result.Code == code, $"exit code {result.Code}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }
}
