using System.Diagnostics;
using EthosU.Npy;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>
/// Files and texts of strangers: nothing is read that is no file, nothing is overwritten, and no control character reaches the terminal.
/// </summary>
public sealed class UntrustedFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void NoControlCharacterReachesTheTerminal()
    {
        byte[] model = TinyOnnx.Chain([1, 4, 4], "Relu", "No\u001b]8;;file:///\u0007such\u202e\r\nerror: forged");
        string path = folder.Write("net.onnx", model);
        foreach (string[] line in new[] { ["inspect", path], ["check", path],
            new[] { "convert", path, "--precision", "float32", "\u001b[31m" } })
        {
            Cli.Result result = Cli.Run(line);
            Assert.NotEqual(ExitCodes.Done, result.Code);
            string all = result.Output + result.Error;
            Assert.DoesNotContain(all, static c => (char.IsControl(c) && c is not ('\n' or '\t' or '\r')) || c == '\u202e');
            Assert.DoesNotContain("\nerror: forged", all, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("check")]
    [InlineData("convert", "-o", "x.tflite")]
    [InlineData("compile", "-o", "x.tflite")]
    [InlineData("disassemble")]
    [InlineData("run", "--input", "x.npy")]
    public void NoDeviceOrPipeIsRead(string command, params string[] rest)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "devices and pipes of Unix");
        string pipe = folder.File("pipe");
        using (Process process = Process.Start("mkfifo", [pipe]))
            process.WaitForExit();
        foreach (string path in new[] { "/dev/zero", pipe })
        {
            Cli.Result result = Cli.Run([command, path, .. rest]);
            Assert.Equal(ExitCodes.Refused, result.Code);
            Assert.Contains("only regular files are read", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NoInputIsOverwritten()
    {
        string model = folder.Write("net.onnx", TinyOnnx.Chain([1, 4, 5, 6], "Relu")), data = folder.File("data.npy"),
            report = folder.File("report.json");
        NumpyFile.Write(data, NumpyArray.From<float>([2, 4, 5, 6], new float[240]));
        byte[] before = File.ReadAllBytes(model), dataBefore = File.ReadAllBytes(data);
        Refused("convert", model, "-o", model);
        Refused("convert", model, "-o", data, "--calibration", data);
        Refused("convert", model, "--report", model);
        Refused("convert", model, "-o", report, "--report", report);
        Refused("compile", model, "-o", model);
        Refused("compile", model, "-o", report, "--report", report);
        Cli.Succeed("convert", model, "--calibration", data, "-q");
        string quantized = folder.File("net.tflite");
        byte[] made = File.ReadAllBytes(quantized);
        Refused("compile", quantized, "-o", quantized);
        Refused("accuracy", model, quantized, "--data", data, "--report", quantized);
        File.Move(data, folder.File("output_0.npy"));
        Refused("run", quantized, "--input", folder.File("output_0.npy"), "--samples", "-o", folder.File("output"));
        Assert.Equal(before, File.ReadAllBytes(model));
        Assert.Equal(made, File.ReadAllBytes(quantized));
        Assert.Equal(dataBefore, File.ReadAllBytes(folder.File("output_0.npy")));
        Assert.False(File.Exists(report));
    }

    /// <summary>A model's constants may lie beside it: that file is an input, too.</summary>
    [Fact]
    public void NoDataFileOfAModelIsOverwritten()
    {
        byte[] numbers = [.. new[] { 1f, 2, 3, 4 }.SelectMany(BitConverter.GetBytes)];
        string weights = folder.Write("net.bin", numbers), model = folder.Write("net.onnx", TinyOnnx.SumWithDataIn("net.bin"));
        Refused("convert", model, "-o", weights);
        Refused("convert", model, "--report", weights);
        Refused("compile", model, "-o", weights);
        Refused("compile", model, "--report", weights);
        Cli.Succeed("convert", model, "-q");
        string data = folder.File("data.npy");
        NumpyFile.Write(data, NumpyArray.From<float>([2, 4], new float[8]));
        Refused("accuracy", model, folder.File("net.tflite"), "--data", data, "--report", weights);
        Assert.Equal(numbers, File.ReadAllBytes(weights));
    }

    private static void Refused(params string[] line)
    {
        Cli.Result result = Cli.Run(line);
        Assert.Equal(ExitCodes.Refused, result.Code);
        Assert.Contains("overwrite", result.Error, StringComparison.Ordinal);
    }
}
