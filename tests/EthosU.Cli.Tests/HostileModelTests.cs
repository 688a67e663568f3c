using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>
/// Damaged and malicious ONNX files: a clear refusal or a right result from every command, and a file that is written can be read.
/// </summary>
public sealed class HostileModelTests : IDisposable
{
    private static readonly string[] Kinds = ["onnx-crash", "onnx-hang", "onnx-memory", "bad-output"];

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Files
    {
        get
        {
            TheoryData<string> files = [];
            foreach (string kind in Kinds)
                if (Path.Combine(SharedData.Root, "data", "hostile", kind) is var path && Directory.Exists(path))
                    files.AddRange(Directory.EnumerateFiles(path, "*.onnx").Order(StringComparer.Ordinal)
                        .Select(file => $"{kind}/{Path.GetFileName(file)}").ToArray());
            return files.Count > 0 ? files : ["onnx-crash"];
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void AreDescribed(string file)
    {
        string model = SharedData.Require("data", "hostile", file), output = folder.File("out.tflite");
        Holds("inspect", model);
        Holds("check", model);
        foreach (string precision in new[] { "int8", "float32" })
        {
            File.Delete(output);
            Cli.Result result = Holds("convert", model, "-o", output, "--precision", precision);
            Assert.Equal(result.Code == ExitCodes.Done, File.Exists(output));
            if (result.Code == ExitCodes.Done)
                Cli.Succeed("inspect", output);
        }
    }

    private static Cli.Result Holds(params string[] args)
    {
        Cli.Result result = Cli.Run(args);
        Assert.True(result.Code is ExitCodes.Done or ExitCodes.Refused or ExitCodes.FallsBack,
            $"exit code {result.Code} of {string.Join(' ', args)}: {result.Error}");
        Assert.True(result.Code != ExitCodes.Refused || result.Error.StartsWith("error: ", StringComparison.Ordinal)
            || result.Error.Contains("\nerror: ", StringComparison.Ordinal), result.Error);
        return result;
    }
}
