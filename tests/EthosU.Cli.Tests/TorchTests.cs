using System.Text.Json.Nodes;
using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary>Commands take exported PyTorch programs as they take ONNX; other files of torch are called what they are.</summary>
public sealed class TorchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static string Shared(string name) => SharedData.Require(["data", "pt2", .. name.Split('/')]);

    [Fact]
    public void A_program_is_converted_compared_checked_and_compiled()
    {
        string program = Shared("cifar/simple_network.pt2"), data = Shared("cifar/simple_network.npz");
        string converted = folder.File("net.tflite"), report = folder.File("accuracy.json"), compiled = folder.File("net_npu.tflite");
        Cli.Succeed("convert", program, "-o", converted, "--calibration", data);
        Cli.Succeed("accuracy", program, converted, "--data", data, "--report", report);
        JsonNode measured = JsonNode.Parse(File.ReadAllText(report))!;
        Assert.True(measured["outputSqnr"]!.GetValue<double>() > 35, measured["outputSqnr"]!.ToString());
        Cli.Succeed("check", program);
        Assert.Contains("on the NPU", Cli.Succeed("compile", program, "-o", compiled), StringComparison.Ordinal);
        Assert.Contains("PyTorch", Cli.Succeed("inspect", program), StringComparison.Ordinal);
    }

    [Fact]
    public void Free_sizes_are_fixed_as_those_of_onnx_are()
    {
        string converted = folder.File("net.tflite");
        Cli.Succeed("convert", Shared("features/dynamic_size.pt2"), "-o", converted, "--dim", "x:2=16");
        JsonNode model = JsonNode.Parse(Cli.Succeed("inspect", converted, "--format", "json"))!;
        Assert.Equal(16, model["inputs"]![0]!["shape"]![1]!.GetValue<int>());
    }

    [Fact]
    public void What_a_network_keeps_is_calibrated_on_what_it_has_kept()
    {
        string converted = folder.File("net.tflite");
        Cli.Succeed("convert", Shared("features/streaming_conv.pt2"), "-o", converted, "--calibration",
            Shared("features/streaming_conv.npz"));
        JsonNode model = JsonNode.Parse(Cli.Succeed("inspect", converted, "--format", "json"))!;
        Assert.Equal(["x", "history"], model["inputs"]!.AsArray().Select(static input => input!["name"]!.GetValue<string>()));
        Assert.Equal(model["inputs"]![1]!["quantization"]!.ToJsonString(), model["outputs"]![1]!["quantization"]!.ToJsonString());
    }

    [Theory]
    [InlineData("net.pte", "ExecuTorch", new byte[] { 28, 0, 0, 0, (byte)'E', (byte)'T', (byte)'1', (byte)'2', 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("net.pt", "torch.save",
        new byte[] { 0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E, 0x80 })]
    public void Other_files_of_torch_are_refused_by_their_content(string name, string word, byte[] content)
    {
        string file = folder.Write(name, content);
        foreach (string[] command in (string[][])[["convert", file], ["check", file], ["inspect", file]])
        {
            (int code, string output, string error) = Cli.Run(command);
            Assert.Equal(1, code);
            Assert.Contains(word, output + error, StringComparison.Ordinal);
            Assert.Contains("torch.export.save", output + error, StringComparison.Ordinal);
        }
    }
}
