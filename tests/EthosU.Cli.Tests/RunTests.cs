using System.IO.Compression;
using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npy;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void DigitsAreStillRecognised()
    {
        string model = folder.File("digits.tflite"), images = folder.File("x.npy"), prefix = folder.File("y");
        Cli.Succeed("convert", Digits.Model, "-o", model, "--calibration", Digits.Calibration);
        IReadOnlyDictionary<string, NumpyArray> test = NumpyArchive.ReadAll(Digits.Test);
        NumpyFile.Write(images, Quantized(test["x"]));
        string said = Cli.Succeed("run", model, "--input", images, "--samples", "-o", prefix);
        Assert.Contains("1000 samples", said, StringComparison.Ordinal);
        NumpyArray output = NumpyFile.Read($"{prefix}_0.npy");
        Assert.Equal("int8[1000, 1, 10]", output.ToString());
        int right = 0;
        for (int i = 0; i < output.RowCount; i++)
        {
            sbyte[] scores = [.. output.Row(i).ToArray().Select(static b => (sbyte)b)];
            right += Array.IndexOf(scores, scores.Max()) == test["y"].Bytes.Span[i] ? 1 : 0;
        }
        Assert.InRange(right, 970, 1000);

        string one = folder.File("one.npy");
        NumpyFile.Write(one, new NumpyArray(ElementType.Int8, [1, 32, 32, 3], NumpyFile.Read(images).Row(5)));
        Cli.Succeed("run", model, "-i", one, "-o", folder.File("z"), "--quiet");
        NumpyArray single = NumpyFile.Read(folder.File("z_0.npy"));
        Assert.Equal("int8[1, 10]", single.ToString());
        Assert.Equal(output.Row(5).ToArray(), single.Bytes.ToArray());
    }

    [Fact]
    public void KnownModelsGiveTheirKnownBytes()
    {
        string model = SharedData.Require("data", "models", "mlperf_tiny_kws_dscnn_int8.tflite");
        string data = Path.ChangeExtension(model, ".npz");
        Cli.Succeed("run", model, "--input", $"{data}:in0", "--samples", "-o", folder.File("y"));
        using NumpyArchive archive = NumpyArchive.Open(data);
        Assert.Equal(archive.Read("out0").Bytes.ToArray(), NumpyFile.Read(folder.File("y_0.npy")).Bytes.ToArray());
    }

    [Fact]
    public void CompiledModelsRunInTheSimulatorWithTheSameBytes()
    {
        string model = SharedData.Require("data", "models", "vela", "5.1", "ethos-u55-128", "mlperf_tiny_kws_dscnn_int8.tflite");
        string data = SharedData.Require("data", "models", "mlperf_tiny_kws_dscnn_int8.npz");
        Cli.Result result = Cli.Run("run", model, "--input", $"{data}:in0", "--samples", "-o", folder.File("y"), "--quiet");
        Assert.Equal(new Cli.Result(ExitCodes.Done, "", ""), result);
        using NumpyArchive archive = NumpyArchive.Open(data);
        Assert.Equal(archive.Read("out0").Bytes.ToArray(), NumpyFile.Read(folder.File("y_0.npy")).Bytes.ToArray());
    }

    [Fact]
    public void CommandsThatBreakARuleOfTheHardwareAreAnError()
    {
        const string Name = "resize_bilinear_int8_x2_half_pixel"; // Vela 3.10 lets an operation start too early
        using ZipArchive zip = ZipFile.OpenRead(SharedData.Require("data", "opsuite", "vela", "3.10", "ethos-u55-128.zip"));
        using MemoryStream content = new();
        using (Stream stream = zip.Entries.Single(static entry => entry.Name == $"{Name}.tflite").Open())
            stream.CopyTo(content);
        string model = folder.Write("compiled.tflite", content.ToArray()), data = SharedData.Require("data", "opsuite", $"{Name}.npz");
        Cli.Result result = Cli.Run("run", model, "--input", $"{data}:in0", "--samples", "-o", folder.File("y"));
        Assert.Equal(ExitCodes.Refused, result.Code);
        Assert.StartsWith("error: command ", result.Error, StringComparison.Ordinal);
        Assert.Contains("block-dependency", result.Error, StringComparison.Ordinal);
        Assert.Contains("do not rely on them", result.Error, StringComparison.Ordinal);
        using NumpyArchive archive = NumpyArchive.Open(data);
        Assert.Equal(archive.Read("out0").ToString(), NumpyFile.Read(folder.File("y_0.npy")).ToString());
    }

    [Fact]
    public void CompiledModelsAreDisassembled()
    {
        string model = SharedData.Require("data", "models", "vela", "5.1", "ethos-u55-128", "mlperf_tiny_kws_dscnn_int8.tflite");
        string text = Cli.Succeed("disassemble", model);
        Assert.Contains("ethos-u55-128, architecture", text, StringComparison.Ordinal);
        Assert.Contains("NPU_OP_CONV", text, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(Cli.Succeed("disassemble", model, "--format", "json"))!;
        JsonNode first = json["operators"]![0]!;
        Assert.Equal("ethos-u55-128", first["accelerator"]!.GetValue<string>());
        Assert.Equal("NPU_OP_STOP", first["operations"]!.AsArray()[^1]!["commands"]!.AsArray()[^1]!["name"]!.GetValue<string>());
        Cli.Result plain = Cli.Run("disassemble", SharedData.Require("data", "models", "mlperf_tiny_kws_dscnn_int8.tflite"));
        Assert.Equal(ExitCodes.Refused, plain.Code);
        Assert.Contains("has no ethos-u operator", plain.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ArraysThatDoNotFitAreRefusedWithAdvice()
    {
        string model = folder.File("digits.tflite");
        Cli.Succeed("convert", Digits.Model, "-o", model, "--calibration", Digits.Calibration, "--samples", "4");
        string Array(string name, ElementType type, Shape shape)
        {
            NumpyFile.Write(folder.File(name), new NumpyArray(type, shape, new byte[type.ByteCount(shape.ElementCount)]));
            return folder.File(name);
        }

        string stacked = Array("stacked.npy", ElementType.Int8, [3, 1, 32, 32, 3]);
        Fails("add --samples", model, "-i", stacked);
        Fails("takes int8[1, 32, 32, 3], the array is int8[1, 3, 32, 32]", model, "-i",
            Array("nchw.npy", ElementType.Int8, [1, 3, 32, 32]));
        Fails("give values of the model's own type: stored = round(real / 0.00392156886) - 128, limited to -128 to 127", model, "-i",
            Array("float.npy", ElementType.Float32, [1, 32, 32, 3]));
        string none = Array("none.npy", ElementType.Int8, [0, 32, 32, 3]);
        Fails("the array is empty: its shape is [0, 32, 32, 3]", model, "--samples", "-i", none);
        Fails("the array is empty: its shape is [0, 32, 32, 3]", model, "-i", none);
        Fails("the model has 1 input (input int8[1, 32, 32, 3]), but 2 arrays are given; give --input once for each input", model, "-i",
            stacked, "-i", stacked);
        Fails("this is no TensorFlow Lite model; make one of an ONNX model with: ethosu convert", Digits.Model, "-i", stacked);
        Fails("holds 2 arrays (x, y); say which", model, "-i", Digits.Test);
        Fails("there is no array 'z'", model, "-i", $"{Digits.Test}:z");
        Fails("no NumPy array", model, "-i", model);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "output*"));
    }

    private void Fails(string expected, params string[] args)
    {
        Cli.Result result = Cli.Run(["run", .. args, "-o", folder.File("output")]);
        Assert.Equal(ExitCodes.Refused, result.Code);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    // uint8 [N, 3, 32, 32] to int8 [N, 32, 32, 3], scale 1/255, zero point -128.
    private static NumpyArray Quantized(NumpyArray images)
    {
        const int side = 32, channels = 3;
        var result = new byte[images.Bytes.Length];
        ReadOnlySpan<byte> x = images.Bytes.Span;
        for (int n = 0, at = 0; n < images.RowCount; n++)
            for (int p = 0; p < side * side; p++)
                for (int c = 0; c < channels; c++)
                    result[at++] = (byte)(x[(((n * channels) + c) * side * side) + p] - 128);
        return new(ElementType.Int8, [images.RowCount, side, side, channels], result);
    }
}
