using EthosU.Graphs;
using EthosU.Npy;
using EthosU.Testing;
using Xunit;

namespace EthosU.Pipeline.Tests;

/// <summary>The runtimes that the other tests compare with do run, and do complain.</summary>
public sealed class RuntimeTests
{
    public static TheoryData<string> Runtimes => TfLiteRuntimes.Names;

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void RunsAKnownModel(string name)
    {
        ITfLiteRuntime runtime = TfLiteRuntimes.Require(name);
        string model = SharedData.Require("data", "models", "mlperf_tiny_resnet8_int8.tflite");
        IReadOnlyDictionary<string, NumpyArray> data = NumpyArchive.ReadAll(Path.ChangeExtension(model, ".npz"));
        NumpyArray x = data["in0"];
        NumpyArray y = data["out0"];
        int agreeing = 0;
        for (int i = 0; i < x.RowCount; i++)
        {
            TensorData output = Assert.Single(runtime.Run(model, new TensorData(x.Type, x.RowShape, x.Row(i))));
            sbyte[] expected = new NumpyArray(y.Type, y.RowShape, y.Row(i)).AsSpan<sbyte>().ToArray();
            sbyte[] actual = output.AsSpan<sbyte>().ToArray();
            agreeing += Array.IndexOf(expected, expected.Max()) == Array.IndexOf(actual, actual.Max()) ? 1 : 0;
        }
        // Their kernels round once where TensorFlow Lite Micro's round twice; the softmax at the end magnifies it.
        Assert.InRange(agreeing, x.RowCount * 9 / 10, x.RowCount);
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void ComplainsOfDamagedModelsAndWrongInputs(string name)
    {
        ITfLiteRuntime runtime = TfLiteRuntimes.Require(name);
        string model = SharedData.Require("data", "models", "mlperf_tiny_resnet8_int8.tflite");
        Assert.Throws<TfLiteRuntimeException>(() => runtime.Run(model, TensorData.From<sbyte>([1], [1])));
        string damaged = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(damaged, new byte[100]);
        Assert.Throws<TfLiteRuntimeException>(() => runtime.Run(damaged, TensorData.From<sbyte>([1], [1])));
        File.Delete(damaged);
    }
}
