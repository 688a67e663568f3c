using System.IO.Compression;
using System.Text.Json.Nodes;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>Files that others have compiled for an Ethos-U85.</summary>
public sealed class EthosU85Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("ethos-u85-256", "conv2d_int8_k3x3_s2_same_odd", "conv 3x3")]
    [InlineData("ethos-u85-1024", "resize_bilinear_int8_x2_half_pixel", "resize bilinear")]
    [InlineData("ethos-u85-256", "logical_chain_compare_select", "chain 0")]
    [InlineData("ethos-u85-1024", "transpose_int8_0312", " as chw")]
    public void CompiledFilesAreRunInspectedCheckedAndDisassembled(string target, string name, string shown)
    {
        string file = Extract(target, name);
        JsonNode inspected = JsonNode.Parse(Cli.Succeed("inspect", file, "--format", "json"))!;
        Assert.Equal(target, (string)inspected["operators"]![0]!["options"]!["accelerator"]!);
        Assert.Contains(target, Cli.Succeed("inspect", file), StringComparison.Ordinal);
        string listing = Cli.Succeed("disassemble", file);
        Assert.Contains(target, listing, StringComparison.Ordinal);
        Assert.Contains(shown, listing, StringComparison.Ordinal);
        Assert.Contains(target, Cli.Succeed("check", file), StringComparison.Ordinal);

        string recorded = SharedData.Require("data", "opsuite", $"{name}.npz");
        int inputs = inspected["inputs"]!.AsArray().Count;
        string[] given = [.. Enumerable.Range(0, inputs).SelectMany(i => new[] { "-i", First(recorded, $"in{i}") })];
        Cli.Succeed(["run", file, .. given, "-o", folder.File("out")]);
        byte[] result = File.ReadAllBytes(folder.File("out_0.npy")), expected = File.ReadAllBytes(First(recorded, "out0"));
        Assert.Equal(expected.AsSpan(128), result.AsSpan(128));
    }

    [Fact]
    public void CompilingForItIsRefusedWithWhatIsPossible()
    {
        string model = SharedData.Require("data", "opsuite", "abs_int8_rescaled.tflite");
        Cli.Result result = Cli.Run("compile", model, "--target", "ethos-u85-256", "-o", folder.File("x.tflite"));
        Assert.Equal(ExitCodes.Refused, result.Code);
        Assert.Contains("target-no-compiler", result.Error + result.Output, StringComparison.Ordinal);
        Assert.Contains("ethos-u65-512", result.Error + result.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("x.tflite")));
        Assert.Equal(ExitCodes.Refused, Cli.Run("check", model, "--target", "ethos-u85-256").Code);
    }

    private string Extract(string archive, string name)
    {
        using ZipArchive zip = ZipFile.OpenRead(SharedData.Require("data", "u85", $"{archive}.zip"));
        string file = folder.File($"{name}.tflite");
        zip.Entries.Single(entry => entry.Name == $"{name}.tflite").ExtractToFile(file, overwrite: true);
        return file;
    }

    /// <summary>The first sample of a recorded array as a file of its own.</summary>
    private string First(string archive, string array)
    {
        Npy.NumpyArray all = Npy.NumpyArchive.ReadAll(archive)[array];
        string file = folder.File($"{array}.npy");
        Npy.NumpyFile.Write(file, new(all.Type, [.. all.Shape.Sizes.Skip(1)], all.Row(0).ToArray()));
        return file;
    }
}
