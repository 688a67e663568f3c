using System.Text.Json.Nodes;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

public sealed class AccuracyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheSampleLosesNothing()
    {
        string model = folder.File("digits.tflite"), report = folder.File("r.json");
        Cli.Succeed("convert", Digits.Model, "-o", model, "--calibration", Digits.Calibration);
        string said = Cli.Succeed("accuracy", Digits.Model, model, "--data", Digits.Test, "--scale", "1/255", "--samples", "300", "--report", report);
        Assert.Contains("top-1: float ", said, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(File.ReadAllText(report))!;
        Assert.Equal(300, json["samples"]!.GetValue<int>());
        double real = json["floatTop1"]!.GetValue<double>(), integer = json["quantizedTop1"]!.GetValue<double>();
        Assert.InRange(real, 0.95, 1);
        Assert.InRange(integer, real - 0.01, real + 0.01);
        Assert.InRange(json["agreement"]!.GetValue<double>(), 0.98, 1);
        Assert.InRange(json["tensors"]!.AsArray().Count, 8, 12);
    }

    [Theory]
    [InlineData("nchw", "int8", "float32")]
    [InlineData("nhwc", "int16x8", "int8")]
    public void OtherFormsAreComparedToo(string layout, string precision, string io)
    {
        string model = folder.File("digits.tflite");
        Cli.Succeed("convert", Digits.Model, "-o", model, "--calibration", Digits.Calibration, "--samples", "8",
            "--input-layout", layout, "--precision", precision, "--io", io);
        string said = Cli.Succeed("accuracy", Digits.Model, model, "--data", Digits.Calibration, "--samples", "8");
        Assert.Contains("both models agree on the best class in 100.00 %", said, StringComparison.Ordinal);
    }

    [Fact]
    public void FixWritesAModelThatIsNoWorse()
    {
        string model = folder.File("digits.tflite"), report = folder.File("r.json");
        Cli.Succeed("convert", Digits.Model, "-o", model, "--calibration", Digits.Calibration, "--samples", "16");
        Cli.Succeed("accuracy", Digits.Model, model, "--data", Digits.Calibration, "--samples", "16", "--fix", "--report", report);
        JsonNode json = JsonNode.Parse(File.ReadAllText(report))!;
        Assert.Equal(folder.File("digits_fixed.tflite"), json["fix"]!["output"]!.GetValue<string>());
        Assert.NotEmpty(json["fix"]!["steps"]!.AsArray());
        Assert.True(json["fix"]!["after"]!["outputSqnr"]!.GetValue<double>() >= json["outputSqnr"]!.GetValue<double>() - 0.01);
        Cli.Succeed("inspect", folder.File("digits_fixed.tflite"));
    }

    [Fact]
    public void WhatDoesNotBelongTogetherIsRefused()
    {
        string model = folder.File("digits.tflite");
        Cli.Succeed("convert", Digits.Model, "-o", model, "--precision", "float32");
        string other = folder.Write("other.onnx", TinyOnnx.Chain([1, 4], "Relu"));
        Fails(ExitCodes.Refused, "this model is not made of", other, model, "--data", Digits.Test);
        Fails(ExitCodes.Refused, "there is no array 'right'", Digits.Model, model, "--data", Digits.Test, "--labels", "right");
        Fails(ExitCodes.WrongArguments, "there is no such file", Digits.Model, folder.File("absent.tflite"), "--data", Digits.Test);
        Fails(ExitCodes.WrongArguments, "'--data' is required", Digits.Model, model);
        Fails(ExitCodes.WrongArguments, "--output is for --fix only", Digits.Model, model, "--data", Digits.Test, "-o", folder.File("x"));
        Fails(ExitCodes.Refused, "this is no TensorFlow Lite model", Digits.Model, Digits.Model, "--data", Digits.Test);
    }

    private static void Fails(int code, string expected, params string[] args)
    {
        Cli.Result result = Cli.Run(["accuracy", .. args]);
        Assert.True(result.Code == code, $"exit code {result.Code}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }
}
