using System.Diagnostics;
using System.Text;
using EthosU.Graphs;
using EthosU.Npy;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>The program as others call it: from its file, with signals.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly string Program =
        Path.Combine(SharedData.RepositoryRoot, "server", "EthosU.Cli", "bin", "Release", "net10.0", "ethosu.dll");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task StartsFromItsPath()
    {
        Assert.SkipUnless(File.Exists(Program), "there is no Release build");
        using Process help = Start("--help");
        string output = await help.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await help.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Done, help.ExitCode);
        foreach (string command in new[] { "convert", "inspect", "run", "accuracy", "disassemble" })
            Assert.Contains(command, output, StringComparison.Ordinal);

        using Process wrong = Start("convert", folder.File("absent.onnx"));
        string error = await wrong.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await wrong.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.WrongArguments, wrong.ExitCode);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInterruptLeavesNothingHalfWritten()
    {
        Assert.SkipUnless(File.Exists(Program), "there is no Release build");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        string data = Images(400_000), output = folder.Write("out.tflite", [1, 2, 3]);
        using Process convert = Start("convert", Digits.Model, "-o", output, "--calibration", data, "--samples", "400000");
        // Until it is at work: what the start takes of the processor does not depend on what else runs, nor does the work end soon.
        while (!convert.HasExited && convert.TotalProcessorTime < TimeSpan.FromSeconds(2))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            convert.Refresh();
        }
        using (Process kill = Process.Start("kill", ["-INT", $"{convert.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await convert.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Interrupted, convert.ExitCode);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(output));
        Assert.Equal([data, output], Directory.EnumerateFiles(folder.Path).Order(StringComparer.Ordinal));
    }

    /// <summary>A data set of black images that takes no room on most disks.</summary>
    private string Images(int count)
    {
        const int ImageBytes = 3 * 32 * 32;
        string one = folder.File("one.npy"), all = folder.File("many.npy");
        NumpyFile.Write(one, NumpyArray.From<byte>([1, 3, 32, 32], new byte[ImageBytes]));
        byte[] header = File.ReadAllBytes(one)[..^ImageBytes];
        File.Delete(one);
        string was = "(1, 3,", becomes = $"({count}, 3,", text = Encoding.Latin1.GetString(header);
        Assert.Contains(was, text, StringComparison.Ordinal);
        // The header keeps its length: its end is filled with spaces.
        text = text.Replace(was, becomes, StringComparison.Ordinal).TrimEnd('\n', ' ').PadRight(header.Length - 1) + "\n";
        Assert.Equal(header.Length, text.Length);
        using FileStream stream = File.Create(all);
        stream.Write(Encoding.Latin1.GetBytes(text));
        stream.SetLength(header.Length + ((long)count * ImageBytes));
        return all;
    }

    /// <summary>Neither the number of cores nor where the system puts a program's memory changes a byte.</summary>
    [Theory]
    [InlineData("the sample")]
    [InlineData("forecast-patches")]
    [InlineData("convnext-block")]
    public async Task TheSameModelGivesTheSameBytesOnAnyNumberOfCores(string name)
    {
        Assert.SkipUnless(File.Exists(Program), "there is no Release build");
        (string model, string data) = name == "the sample" ? (Digits.Model, Digits.Calibration)
            : (SharedData.Require("data", "zoo", name, "model.onnx"), SharedData.Require("data", "zoo", name, "calib.npz"));
        byte[]? first = null;
        foreach (int cores in new[] { 1, 2, 3, 5, 1, 2 })
        {
            string output = folder.File("m.tflite");
            using Process convert =
                Begin("dotnet", new() { ["DOTNET_PROCESSOR_COUNT"] = $"{cores:X}" }, Program, "convert", model, "-o", output,
                "--calibration", data, "--samples", "20", "-q");
            await convert.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(ExitCodes.Done, convert.ExitCode);
            first ??= File.ReadAllBytes(output);
            Assert.Equal(first, File.ReadAllBytes(output));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AModelCanHaveMoreOutputsThanFilesCanBeOpen(bool stacked)
    {
        Assert.SkipUnless(File.Exists(Program), "there is no Release build");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the limit is set by a shell");
        const int Outputs = 700, Limit = 300, Samples = 3;
        GraphBuilder builder = new("many");
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        for (int i = 0; i < Outputs; i++)
            builder.AddOutput(builder.Add(new Unary(UnaryKind.Relu), $"y{i}", Source.None, x));
        string model = folder.Write("many.tflite", TfLiteWriter.Write(builder.Build())), input = folder.File("x.npy");
        Shape shape = stacked ? [Samples, 1, 4] : [1, 4];
        float[] values = [.. Enumerable.Range(0, (int)shape.ElementCount).Select(static i => i + 1f)];
        NumpyFile.Write(input, NumpyArray.From<float>(shape, values));
        string[] stack = stacked ? ["--samples"] : [];
        using Process run =
            Begin("sh", [], ["-c", $"ulimit -n {Limit}; exec \"$@\"", "sh", "dotnet", Program, "run", model, "-i", input, "-o",
            folder.File("y"), "-q", .. stack]);
        string error = await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", error);
        Assert.Equal(ExitCodes.Done, run.ExitCode);
        Assert.Equal(Outputs, Directory.GetFiles(folder.Path, "y_*").Length);
        foreach (int i in new[] { 0, 63, 64, Outputs - 1 })
            Assert.Equal(File.ReadAllBytes(input), File.ReadAllBytes(folder.File($"y_{i}.npy")));
    }

    private static Process Start(params string[] args) => Begin("dotnet", [], [Program, .. args]);

    private static Process Begin(string program, Dictionary<string, string> environment, params string[] args)
    {
        ProcessStartInfo start = new(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
