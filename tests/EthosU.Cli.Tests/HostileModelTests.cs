using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npy;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>
/// Damaged and malicious models: a clear refusal or a right result from every command, and a file that is written can be read.
/// </summary>
public sealed class HostileModelTests : IDisposable
{
    private static readonly string[] Kinds = ["onnx-crash", "onnx-hang", "onnx-memory", "bad-output"];
    private static readonly string[] LiteKinds = ["tflite-crash", "tflite-different", "sim-memory"];

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Files => Below(Kinds, "*.onnx");

    public static TheoryData<string> LiteFiles => Below(LiteKinds, "*.tflite");

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

    [Theory]
    [MemberData(nameof(LiteFiles))]
    public void OfTensorFlowLiteAreDescribed(string file)
    {
        string model = SharedData.Require("data", "hostile", file), output = folder.File("out.tflite");
        Cli.Result inspected = Holds("inspect", model, "--format", "json");
        Holds("check", model);
        Holds("disassemble", model);
        if (Holds("compile", model, "-o", output).Code == ExitCodes.Done)
            Cli.Succeed("inspect", output);
        Assert.Equal(File.Exists(output), Cli.Run("inspect", output).Code == ExitCodes.Done);
        Holds(["run", model, "-o", folder.File("result"), .. inspected.Code == ExitCodes.Done ? Arrays(inspected.Output) : ["-i", model]]);
    }

    /// <summary>Arguments that name an array of small numbers for each input.</summary>
    private IEnumerable<string> Arrays(string inspected)
    {
        int count = 0;
        foreach (JsonNode? input in JsonNode.Parse(inspected)!["inputs"]!.AsArray())
        {
            Shape shape = [.. input!["shape"]!.AsArray().Select(static size => size!.GetValue<int>())];
            ElementType type = Enum.Parse<ElementType>(input["type"]!.GetValue<string>(), ignoreCase: true);
            string path = folder.File($"in{count++}.npy");
            NumpyFile.Write(path, new NumpyArray(type, shape, new byte[type.ByteCount(shape.ElementCount)]));
            yield return "-i";
            yield return path;
        }
    }

    private static TheoryData<string> Below(string[] kinds, string pattern)
    {
        TheoryData<string> files = [];
        foreach (string kind in kinds)
            if (Path.Combine(SharedData.Root, "data", "hostile", kind) is var path && Directory.Exists(path))
                files.AddRange(Directory.EnumerateFiles(path, pattern).Order(StringComparer.Ordinal)
                    .Select(file => $"{kind}/{Path.GetFileName(file)}").ToArray());
        return files.Count > 0 ? files : [kinds[0]];
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
