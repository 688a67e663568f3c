using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx;
using EthosU.Optimize;
using EthosU.Quantize.Data;
using EthosU.Quantize.Reference.OnnxRuntime;
using EthosU.Testing;

namespace EthosU.Quantize.Tests;

/// <summary>The trained networks, their data, and graphs ready to be quantized.</summary>
internal static class Zoo
{
    public static IEnumerable<string> Names =>
        ["conv1d_cifar", "mobilenetv2_cifar", "mobilenetv3_cifar", "resnet14_cifar", "rowlstm_cifar", "shufflegroup_cifar",
        "simple_network", "simple_network_relu6", "tinyvit_cifar", "unet_cifar"];

    public static string Path(string name) => SharedData.Require("data", "models", "pytorch", $"{name}.onnx");

    public static OnnxReferenceModel Reference(string name) => new(Path(name));

    public static (ImportedModel Model, Graph Graph) Load(string name)
    {
        ImportedModel model = OnnxReader.Read(Path(name));
        return (model, GraphOptimizer.Optimize(model.Graph, new()).Graph);
    }

    public static SampleSource Data(ImportedModel model, string file) =>
        SampleSource.Open(SharedData.Require("data", "cifar10", file), model.Graph.Inputs, Preprocessing.Parse("1/255", null, null));
}
