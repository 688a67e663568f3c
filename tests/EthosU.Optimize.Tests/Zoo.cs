using EthosU.Graphs;
using EthosU.Onnx;
using EthosU.Testing;
using Xunit;

namespace EthosU.Optimize.Tests;

/// <summary>The trained networks of the test data.</summary>
internal static class Zoo
{
    public static TheoryData<string> Models => [.. new[] { "conv1d", "mobilenetv2", "mobilenetv3", "resnet14", "rowlstm", "shufflegroup",
        "simple_network", "simple_network_relu6", "tinyvit", "unet" }];

    public static string PathOf(string name)
    {
        string folder = SharedData.Require("data", "models", "pytorch");
        return new[] { $"{name}.onnx", $"{name}_cifar.onnx" }.Select(file => Path.Combine(folder, file)).First(File.Exists);
    }

    public static Graph Import(string name) => OnnxReader.Read(PathOf(name)).Graph;
}
