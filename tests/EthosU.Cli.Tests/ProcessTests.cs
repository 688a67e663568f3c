using System.Diagnostics;
using EthosU.Npy;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>The program as others call it: from its file, with signals.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly string Program = Path.Combine(SharedData.RepositoryRoot, "server", "EthosU.Cli", "bin", "Release", "net10.0", "ethosu.dll");

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

    private static Process Start(params string[] args) =>
        Process.Start(new ProcessStartInfo("dotnet", [Program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
