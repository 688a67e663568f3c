using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Testing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;
using Tensor = EthosU.Graphs.Tensor;

namespace EthosU.Onnx.Tests;

/// <summary>Every network of the zoo, imported and run in real numbers, gives what ONNX Runtime gives.</summary>
public sealed class ZooTests
{
    public static TheoryData<string> Models => [.. new[] { "conv1d", "mobilenetv2", "mobilenetv3", "resnet14", "rowlstm", "shufflegroup",
        "simple_network", "simple_network_relu6", "tinyvit", "unet" }];

    [Theory]
    [MemberData(nameof(Models))]
    public void EqualsOnnxRuntime(string name)
    {
        string folder = SharedData.Require("data", "models", "pytorch");
        string path = Directory.EnumerateFiles(folder, $"{name}*.onnx")
            .First(p => Path.GetFileName(p) == $"{name}.onnx" || Path.GetFileName(p) == $"{name}_cifar.onnx");
        Graph graph = OnnxReader.Read(path, cancellation: TestContext.Current.CancellationToken).Graph;
        Random random = new(1);
        Tensor input = Assert.Single(graph.Inputs);
        float[] x = [.. Enumerable.Range(0, checked((int)input.Shape.ElementCount)).Select(_ => random.NextSingle())];

        using InferenceSession session = new(path);
        using var expected =
            session.Run([NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(x.AsMemory(), [.. input.Shape]))]);
        TensorData[] actual =
            new GraphInterpreter(graph).Run([TensorData.From<float>(input.Shape, x)], cancellation: TestContext.Current.CancellationToken);

        float[] want = [.. expected[0].AsEnumerable<float>()], got = actual[0].ToFloatArray();
        Assert.Equal(want.Length, got.Length);
        float scale = want.Max(Math.Abs);
        Assert.True(want.Zip(got).Max(p => Math.Abs(p.First - p.Second)) <= 1e-4f * scale,
            $"the largest difference is {want.Zip(got).Max(p => Math.Abs(p.First - p.Second))} of {scale}");
    }
}
