using System.Diagnostics;
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
        string data = folder.File("many.npy"), output = folder.Write("out.tflite", [1, 2, 3]);
        NumpyFile.Write(data, NumpyArray.From<byte>([20_000, 3, 32, 32], new byte[20_000 * 3 * 32 * 32]));
        using Process convert = Start("convert", Digits.Model, "-o", output, "--calibration", data, "--samples", "20000");
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", ["-INT", $"{convert.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await convert.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Interrupted, convert.ExitCode);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(output));
        Assert.Equal([data, output], Directory.EnumerateFiles(folder.Path).Order(StringComparer.Ordinal));
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
