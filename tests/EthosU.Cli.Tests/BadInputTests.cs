using System.Text.Json.Nodes;
using EthosU.Npy;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>Whatever is wrong, the message says what, where and what to do, and nothing is written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "Required command was not provided")]
    [InlineData("transmogrify", "'transmogrify'")]
    [InlineData("convert", "Required argument missing")]
    [InlineData("convert a.onnx b.onnx", "'b.onnx'")]
    [InlineData("convert a.onnx --precision int4", "'int4' not recognized. Must be one of: 'int8' 'int16x8' 'float32'")]
    [InlineData("convert a.onnx --samples many", "'many'")]
    [InlineData("convert a.onnx --samples 0", "--samples must be at least 1")]
    [InlineData("convert a.onnx --batch 0", "--batch must be at least 1")]
    [InlineData("convert a.onnx --mean red", "mean 'red' is neither a number nor a fraction")]
    [InlineData("convert a.onnx --std 0", "std '0' holds a zero")]
    [InlineData("convert a.onnx --scale 1/0", "scale '1/0' is neither a number nor a fraction")]
    [InlineData("convert a.onnx --method percentile --percentile 10", "--percentile must be above 50")]
    [InlineData("convert a.onnx --colour", "'--colour'")]
    [InlineData("inspect a.tflite --format yaml", "'yaml' not recognized")]
    [InlineData("run a.tflite", "'--input' is required")]
    public void WrongArgumentsAreTwo(string line, string expected)
    {
        Cli.Result result = Cli.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(ExitCodes.WrongArguments, result.Code);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("convert")]
    [InlineData("inspect")]
    [InlineData("run", "--input", "x.npy")]
    public void AMissingModelIsNamed(string command, params string[] rest)
    {
        string path = folder.File("absent.onnx");
        Fails(ExitCodes.WrongArguments, $"{path}: there is no such file", [command, path, .. rest]);
        Fails(ExitCodes.WrongArguments, $"{folder.Path}: this is a folder", [command, folder.Path, .. rest]);
    }

    [Theory]
    [InlineData("text.onnx", "this is a text and no model")]
    [InlineData("empty.onnx", "")]
    [InlineData("text.tflite", "this is a text and no model")]
    [InlineData("empty.tflite", "")]
    [InlineData("renamed.onnx", "xxxxTFL3 and then nothing of a model")]
    public void WhatIsNoModelIsRefused(string name, string content)
    {
        string path = folder.Write(name, System.Text.Encoding.ASCII.GetBytes(content));
        Fails(ExitCodes.Refused, path, "inspect", path);
        if (name.EndsWith(".onnx", StringComparison.Ordinal))
            Fails(ExitCodes.Refused, path, "convert", path, "-o", folder.File("out.tflite"));
        Assert.False(File.Exists(folder.File("out.tflite")));
    }

    [Fact]
    public void ATruncatedModelIsRefused()
    {
        byte[] whole = File.ReadAllBytes(Digits.Model);
        string path = folder.Write("cut.onnx", whole.AsSpan(0, whole.Length / 2));
        Fails(ExitCodes.Refused, path, "convert", path, "-o", folder.File("out.tflite"));
    }

    [Fact]
    public void AllUnsupportedOperatorsAreNamedAtOnceAndInTheReport()
    {
        string path = folder.Write("odd.onnx", TinyOnnx.Chain([1, 4], "Relu", "Frobnicate", "Relu", "Defrobnicate"));
        string report = folder.File("r.json"), output = folder.Write("out.tflite", [1, 2, 3]);
        Cli.Result result = Fails(ExitCodes.Refused, "Frobnicate", "convert", path, "-o", output, "--report", report);
        Assert.Contains("Defrobnicate", result.Error, StringComparison.Ordinal);
        Assert.Contains("node1", result.Error, StringComparison.Ordinal);
        Assert.Contains("node3", result.Error, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(output));
        JsonNode json = JsonNode.Parse(File.ReadAllText(report))!;
        Assert.True(json["refused"]!.GetValue<bool>());
        Assert.Equal(["error", "error"], json["findings"]!.AsArray().Select(static f => f!["severity"]!.GetValue<string>()));
    }

    /// <summary>Whatever is written runs: constants of which no integer kernel can be made are named instead.</summary>
    [Theory]
    [InlineData("convert", "1e30")]
    [InlineData("convert", "-3e38")]
    [InlineData("compile", "3e38")]
    public void WhatCouldNotRunIsNotWritten(string command, string slope)
    {
        string path = folder.Write("slope.onnx", TinyOnnx.Chain([1, 4], "Sigmoid", $"LeakyRelu alpha {slope}", "Sigmoid")),
            output = folder.File("out.tflite");
        Cli.Result result = Fails(ExitCodes.Refused, "convert-not-runnable", command, path, "-o", output);
        Assert.Contains("LEAKY_RELU", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
        Assert.Equal(ExitCodes.Done, Cli.Run("convert", path, "-o", output, "--precision", "float32").Code);
    }

    [Fact]
    public void FindingsNameTheLineOfPython()
    {
        string detector = SharedData.Require("samples", "detector", "detector.onnx");
        Cli.Result result = Cli.Run("convert", detector, "-o", folder.File("d.tflite"));
        Assert.Equal(ExitCodes.Done, result.Code);
        Assert.Contains("/CumSum (project/detector.py:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void CalibrationDataThatDoNotFitAreRefused()
    {
        string output = folder.File("out.tflite");
        string absent = folder.File("absent.npz");
        Fails(ExitCodes.WrongArguments, $"{absent}: there is no such file or folder", "convert", Digits.Model, "-o", output,
            "--calibration", absent);

        string small = folder.File("small.npz");
        NumpyArchive.Write(small, [new("x", NumpyArray.From<float>([2, 3, 8, 8], new float[384]))]);
        Fails(ExitCodes.Refused, "samples of shape [3, 8, 8] do not suit input 'input' of shape [1, 3, 32, 32]", "convert", Digits.Model,
            "-o", output, "--calibration", small);

        string none = folder.File("none.npy");
        NumpyFile.Write(none, NumpyArray.From<float>([0, 3, 32, 32], []));
        Fails(ExitCodes.Refused, "the data set is empty", "convert", Digits.Model, "-o", output, "--calibration", none);

        var values = new float[3 * 32 * 32];
        values[100] = float.NaN;
        string nan = folder.File("nan.npy");
        NumpyFile.Write(nan, NumpyArray.From<float>([1, 3, 32, 32], values));
        Fails(ExitCodes.Refused, "not a number (NaN)", "convert", Digits.Model, "-o", output, "--calibration", nan);

        Fails(ExitCodes.Refused, "the folder holds no", "convert", Digits.Model, "-o", output, "--calibration",
            Directory.CreateDirectory(folder.File("empty")).FullName);
        Fails(ExitCodes.Refused, "this is no ZIP archive", "convert", Digits.Model, "-o", output, "--calibration",
            folder.Write("text.npz", "no archive"u8));
        Fails(ExitCodes.Refused, "3 channels", "convert", Digits.Model, "-o", output, "--calibration", Digits.Calibration, "--mean", "1,2");
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void OutputThatCannotBeWrittenIsSaidBeforeTheWork()
    {
        string nowhere = folder.File("absent/out.tflite");
        Fails(ExitCodes.WrongArguments, "there is no folder", "convert", Digits.Model, "-o", nowhere);
        Fails(ExitCodes.WrongArguments, "this is a folder", "convert", Digits.Model, "-o", folder.Path);
        Fails(ExitCodes.WrongArguments, "there is no folder", "convert", Digits.Model, "-o", folder.File("out.tflite"), "--report",
            folder.File("absent/r.json"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static Cli.Result Fails(int code, string expected, params string[] args)
    {
        Cli.Result result = Cli.Run(args);
        Assert.True(result.Code == code, $"exit code {result.Code}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        return result;
    }
}
