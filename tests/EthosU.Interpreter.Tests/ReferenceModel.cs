using System.Globalization;
using EthosU.Graphs;
using EthosU.Npy;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Interpreter.Tests;

/// <summary>A model file with inputs and the reference's outputs beside it.</summary>
internal static class ReferenceModel
{
    /// <summary>Runs the samples and compares every byte of every output.</summary>
    public static void Check(string path, KernelPath kernels, int maxSamples = int.MaxValue)
    {
        Graph graph = TfLiteReader.Read(path + ".tflite");
        var arrays = NumpyArchive.ReadAll(path + ".npz");
        GraphInterpreter interpreter = new(graph, new() { Path = kernels });
        int count = Math.Min(arrays["in0"].RowCount, maxSamples);
        TensorData[][] samples = [.. Enumerable.Range(0, count).Select(sample => Sample(graph, arrays, sample))];
        TensorData[][] results = interpreter.RunBatch(samples);
        for (int sample = 0; sample < count; sample++)
            for (int i = 0; i < graph.Outputs.Length; i++)
            {
                Tensor output = graph.Outputs[i];
                TensorData expected = new(output.Type, output.Shape, arrays[$"out{i}"].Row(sample));
                int index = FirstDifference(expected, results[sample][i]);
                if (index >= 0)
                    Assert.Fail($"{Path.GetFileName(path)} ({kernels}), sample {sample}, output {i} {output}: element {index} of "
                        + $"{expected.Count} is "
                        + $"{Element(results[sample][i], index)}, expected {Element(expected, index)}");
            }
    }

    public static TensorData[] Sample(Graph graph, IReadOnlyDictionary<string, NumpyArray> arrays, int sample) =>
        [.. graph.Inputs.Select((input, i) => new TensorData(input.Type, input.Shape, arrays[$"in{i}"].Row(sample)))];

    private static int FirstDifference(TensorData expected, TensorData actual)
    {
        int common = expected.Bytes.Span.CommonPrefixLength(actual.Bytes.Span);
        return common == expected.Bytes.Length ? -1 : common / expected.Type.ByteSize();
    }

    private static string Element(TensorData data, int index) => data.Type.IsFloat()
        ? data.ToFloatArray()[index].ToString(CultureInfo.InvariantCulture)
        : data.ToInt64Array()[index].ToString(CultureInfo.InvariantCulture);
}
