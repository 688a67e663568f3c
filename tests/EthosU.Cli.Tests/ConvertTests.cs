using System.Text.Json.Nodes;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

public sealed class ConvertTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheSampleBecomesPureInt8()
    {
        string output = folder.File("digits.tflite");
        string said = Cli.Succeed("convert", Digits.Model, "-o", output, "--calibration", Digits.Calibration);
        Assert.Contains("5 CONV_2D, 2 MAX_POOL_2D, 1 RESHAPE, 1 SOFTMAX", said, StringComparison.Ordinal);
        JsonNode model = Inspect(output);
        JsonObject input = Assert.Single(model["inputs"]!.AsArray())!.AsObject();
        Assert.Equal("int8", input["type"]!.GetValue<string>());
        Assert.Equal([1, 32, 32, 3], input["shape"]!.AsArray().Select(static n => n!.GetValue<int>()));
        Assert.Equal(1 / 255.0, input["quantization"]!["scale"]!.GetValue<double>(), 1e-6);
        Assert.Equal(-128, input["quantization"]!["zeroPoint"]!.GetValue<int>());
        Assert.Equal(["CONV_2D", "CONV_2D", "MAX_POOL_2D", "CONV_2D", "CONV_2D", "MAX_POOL_2D", "CONV_2D", "RESHAPE", "SOFTMAX"],
            Operators(model));
        JsonNode[] convolutions =
            [.. model["operators"]!.AsArray().Where(static o => o!["name"]!.GetValue<string>() == "CONV_2D")
            .Select(static o => o!["options"]!)];
        Assert.Equal(["RELU", "RELU", "RELU", "RELU", "NONE"], convolutions.Select(static o => o["fusedActivation"]!.GetValue<string>()));
        Assert.Equal(["VALID", "VALID", "VALID", "SAME", "VALID"], convolutions.Select(static o => o["padding"]!.GetValue<string>()));
    }

    [Fact]
    public void TheSameInputGivesTheSameBytes()
    {
        string first = folder.File("a.tflite"), second = folder.File("b.tflite");
        Cli.Succeed("convert", Digits.Model, "-o", first, "--calibration", Digits.Calibration);
        Cli.Succeed("convert", Digits.Model, "-o", second, "--calibration", Digits.Calibration);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
    }

    [Theory]
    [InlineData("int8", "int8", "int8")]
    [InlineData("int8", "float32", "float32")]
    [InlineData("int16x8", "int8", "int16")]
    [InlineData("float32", "int8", "float32")]
    public void EdgesHaveTheTypeAskedFor(string precision, string io, string expected)
    {
        string output = folder.File("m.tflite");
        Cli.Succeed("convert", Digits.Model, "-o", output, "--calibration", Digits.Calibration, "--samples", "4", "--precision", precision,
            "--io", io);
        JsonNode model = Inspect(output);
        Assert.Equal(expected, model["inputs"]![0]!["type"]!.GetValue<string>());
        Assert.Equal(expected, model["outputs"]![0]!["type"]!.GetValue<string>());
        Assert.Equal(expected == "float32", model["inputs"]![0]!["quantization"] is null);
    }

    [Fact]
    public void TheReportSaysWhatWasDone()
    {
        string output = folder.File("m.tflite"), report = folder.File("r.json");
        Cli.Succeed("convert", Digits.Model, "-o", output, "--calibration", Digits.Calibration, "--samples", "7", "--method", "percentile",
            "--report", report);
        JsonNode json = JsonNode.Parse(File.ReadAllText(report))!;
        Assert.Equal(output, json["output"]!.GetValue<string>());
        Assert.False(json["refused"]!.GetValue<bool>());
        Assert.Equal(new FileInfo(output).Length, json["bytes"]!.GetValue<long>());
        Assert.Equal(7, json["calibration"]!["samples"]!.GetValue<int>());
        Assert.Equal("percentile", json["calibration"]!["method"]!.GetValue<string>());
        Assert.Equal("int8", json["precision"]!.GetValue<string>());
    }

    [Fact]
    public void WithoutDataAWarningSaysThatAccuracyIsNotToBeTrusted()
    {
        Cli.Result result = Cli.Run("convert", Digits.Model, "-o", folder.File("m.tflite"));
        Assert.Equal(ExitCodes.Done, result.Code);
        Assert.Contains("not to be trusted", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void QuietSaysNothing()
    {
        Cli.Result result = Cli.Run("convert", Digits.Model, "-o", folder.File("m.tflite"), "--quiet");
        Assert.Equal(new Cli.Result(ExitCodes.Done, "", ""), result);
    }

    [Fact]
    public void PyTorchsLayoutIsKeptOnRequest()
    {
        string output = folder.File("m.tflite");
        Cli.Succeed("convert", Digits.Model, "-o", output, "--calibration", Digits.Calibration, "--samples", "4", "--input-layout", "nchw");
        JsonNode model = Inspect(output);
        Assert.Equal([1, 3, 32, 32], model["inputs"]![0]!["shape"]!.AsArray().Select(static n => n!.GetValue<int>()));
        Assert.Equal(1, Operators(model).Count(static name => name == "TRANSPOSE"));
    }

    [Fact]
    public void WithoutANameTheFileLiesBesideTheModel()
    {
        string model = folder.File("net.onnx");
        File.Copy(Digits.Model, model);
        Cli.Succeed("convert", model, "--precision", "float32");
        Assert.True(File.Exists(folder.File("net.tflite")));
    }

    private static JsonNode Inspect(string path) => JsonNode.Parse(Cli.Succeed("inspect", path, "--format", "json"))!;

    private static IEnumerable<string> Operators(JsonNode model) =>
        model["operators"]!.AsArray().Select(static o => o!["name"]!.GetValue<string>());
}
