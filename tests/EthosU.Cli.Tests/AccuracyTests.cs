using System.Text.Json;
using System.Text.Json.Nodes;
using EthosU.Npy;
using EthosU.Pipeline;
using EthosU.Pipeline.Accuracy;
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
        string said = Cli
            .Succeed("accuracy", Digits.Model, model, "--data", Digits.Test, "--scale", "1/255", "--samples", "300", "--report", report);
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
    public void TheReportHasItsDocumentedFormAndIsReadBackWhole()
    {
        string model = folder.File("digits.tflite"), report = folder.File("r.json");
        Cli.Succeed("convert", Digits.Model, "-o", model, "--calibration", Digits.Calibration, "--samples", "8");
        Cli.Succeed("accuracy", Digits.Model, model, "--data", Digits.Test, "--scale", "1/255", "--samples", "8", "--fix", "--int16-share",
            "0", "--report", report);
        Assert.DoesNotContain("16 bits for", File.ReadAllText(report), StringComparison.Ordinal);
        byte[] written = File.ReadAllBytes(report);
        JsonObject json = JsonNode.Parse(written)!.AsObject();
        string[] always =
            ["model", "quantized", "data", "samples", "floatTop1", "quantizedTop1", "floatTop5", "quantizedTop5", "agreement", "outputSqnr",
            "tensors", "findings"];
        Assert.Equal([.. always, "fix"], json.Select(static pair => pair.Key));
        Assert.Equal(["name", "layer", "operator", "type", "sqnr", "layerSqnr", "maxError", "meanError", "cosine", "saturated", "min",
            "max", "rangeUsed", "scale", "zeroPoint", "parts"],
            json["tensors"]![0]!.AsObject().Select(static pair => pair.Key));
        JsonObject fix = json["fix"]!.AsObject();
        Assert.Equal(["output", "target", "steps", "int16Layers", "after"], fix.Select(static pair => pair.Key));
        Assert.Equal(["change", "layers", "outputSqnr", "gain", "kept"], fix["steps"]![0]!.AsObject().Select(static pair => pair.Key));
        Assert.Equal(always, fix["after"]!.AsObject().Select(static pair => pair.Key));

        AccuracyJobReport read = JsonSerializer.Deserialize(written, ReportJson.Default.AccuracyJobReport)!;
        Assert.Equal(written, ReportJson.Write(read));

        string documentation = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "accuracy-reports.md"));
        Assert.All(Names(json).Distinct(), name => Assert.Contains($"`{name}`", documentation, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(static pair => Names(pair.Value).Prepend(pair.Key)),
        JsonArray all => all.SelectMany(Names),
        _ => [],
    };

    [Fact]
    public void DataThatCannotBeComparedAreRefused()
    {
        string model = folder.File("digits.tflite");
        Cli.Succeed("convert", Digits.Model, "-o", model, "--calibration", Digits.Calibration, "--samples", "4");
        var values = new float[3 * 32 * 32];
        foreach ((float value, string expected) in new[] { (float.NaN, "sample 0: element 7 is not a number (NaN)"),
            (float.NegativeInfinity, "sample 0: element 7 is infinite") })
        {
            values[7] = value;
            NumpyFile.Write(folder.File("bad.npy"), NumpyArray.From<float>([1, 3, 32, 32], values));
            Fails(ExitCodes.Refused, expected, Digits.Model, model, "--data", folder.File("bad.npy"));
            Fails(ExitCodes.Refused, expected, Digits.Model, model, "--data", Digits.Test, "--fix", "--calibration", folder.File("bad.npy"),
                "--samples", "4");
        }
        NumpyFile.Write(folder.File("none.npy"), NumpyArray.From<float>([0, 3, 32, 32], []));
        Fails(ExitCodes.Refused, "the data set is empty", Digits.Model, model, "--data", folder.File("none.npy"));
        NumpyFile.Write(folder.File("small.npy"), NumpyArray.From<float>([2, 3, 8, 8], new float[384]));
        Fails(ExitCodes.Refused, "samples of shape [3, 8, 8] do not suit input 'input'", Digits.Model, model, "--data",
            folder.File("small.npy"));
        Fails(ExitCodes.Refused, "the folder holds no .npy file", Digits.Model, model, "--data",
            Directory.CreateDirectory(folder.File("empty")).FullName);
        Fails(ExitCodes.Refused, "this array cannot hold the labels, for it is the input's", Digits.Model, model, "--data", Digits.Test,
            "--labels", "x");
        NumpyArchive.Write(folder.File("nothing.npz"), []);
        Fails(ExitCodes.Refused, "the archive is empty", Digits.Model, model, "--data", folder.File("nothing.npz"));
        Fails(ExitCodes.WrongArguments, "--int16-share must be 0 to 100", Digits.Model, model, "--data", Digits.Test, "--fix",
            "--int16-share", "101");
        Fails(ExitCodes.WrongArguments, "--target is for --fix only", Digits.Model, model, "--data", Digits.Test, "--target", "none");
        Fails(ExitCodes.Refused, "There is no target 'ethos-u1'", Digits.Model, model, "--data", Digits.Calibration, "--samples", "4",
            "--fix", "--target", "ethos-u1");
        Assert.False(File.Exists(folder.File("digits_fixed.tflite")));
    }

    [Fact]
    public void LabelsThatAreNoClassesAreSaid()
    {
        string model = folder.File("digits.tflite"), data = folder.File("data.npz");
        Cli.Succeed("convert", Digits.Model, "-o", model, "--calibration", Digits.Calibration, "--samples", "4");
        NumpyArchive.Write(data,
            [new("x", NumpyArray.From<float>([2, 3, 32, 32], new float[2 * 3072])), new("y", NumpyArray.From<int>([2], [3, 10]))]);
        string said = Cli.Succeed("accuracy", Digits.Model, model, "--data", data);
        Assert.Contains("warning: [accuracy-labels]", said, StringComparison.Ordinal);
        Assert.Contains("1 of 2 labels are not counted: they are no class of the model, such as 10; its classes are 0 to 9.", said,
            StringComparison.Ordinal);
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
        Fails(ExitCodes.Refused, "this is no TensorFlow Lite model; make one of an ONNX model with: ethosu convert", Digits.Model,
            Digits.Model, "--data", Digits.Test);
    }

    private static void Fails(int code, string expected, params string[] args)
    {
        Cli.Result result = Cli.Run(["accuracy", .. args]);
        Assert.True(result.Code == code, $"exit code {result.Code}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }
}
