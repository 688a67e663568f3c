using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize;
using EthosU.Testing;
using EthosU.TfLite;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;
using Tensor = EthosU.Graphs.Tensor;

namespace EthosU.Pipeline.Tests;

/// <summary>What is converted runs in runtimes that we did not write, with the results that it should have.</summary>
public sealed class ZooRuntimeTests(ConvertedZoo zoo) : IClassFixture<ConvertedZoo>
{
    private const int Images = 4;

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string model in ZooModel.Names)
            {
                cases.Add(model, TfLiteRuntimes.Native);
                cases.Add(model, TfLiteRuntimes.LiteRt);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FloatOutputEqualsOnnxRuntime(string name, string runtime)
    {
        ITfLiteRuntime real = TfLiteRuntimes.Require(runtime);
        string model = ZooModel.Require(name);
        string converted = zoo.Get(name, Precision.Float32);
        TensorData[] images = [.. Enumerable.Range(0, Images).Select(ZooModel.Image)];
        using InferenceSession session = new(model);
        var outputs = real.Run(converted, [.. images.Select(static image => new[] { ZooModel.ToNhwc(image) })]);
        for (int i = 0; i < Images; i++)
        {
            NamedOnnxValue input =
                NamedOnnxValue.CreateFromTensor(session.InputNames[0],
                new DenseTensor<float>(images[i].ToFloatArray(), [.. images[i].Shape]));
            using var expected = session.Run([input]);
            float[] want = [.. expected[0].AsEnumerable<float>()];
            float[] got = ZooModel.ToNchw(Assert.Single(outputs[i])).ToFloatArray();
            Assert.Equal(want.Length, got.Length);
            float scale = want.Max(Math.Abs);
            float difference = want.Zip(got).Max(static pair => Math.Abs(pair.First - pair.Second));
            Assert.True(difference <= 1e-4f * scale, $"image {i}: the largest difference is {difference} of {scale}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EachInt8OperatorIsWithinOne(string name, string runtime) => CompareOperators(name, runtime, Precision.Int8);

    [Theory]
    [MemberData(nameof(Cases))]
    public void EachInt16OperatorIsWithinOne(string name, string runtime) => CompareOperators(name, runtime, Precision.Int16x8);

    // Their kernels round once where TensorFlow Lite Micro's round twice: whole networks drift apart, single operators may differ by one.
    private void CompareOperators(string name, string runtime, Precision precision)
    {
        ITfLiteRuntime real = TfLiteRuntimes.Require(runtime);
        using TemporaryFolder folder = new();
        string converted = zoo.Get(name, precision);
        Graph graph = TfLiteReader.Read(converted);
        TensorData image = Quantized(ZooModel.ToNhwc(ZooModel.Image(1)), graph.Inputs[0]);
        Dictionary<Tensor, TensorData> values = new() { [graph.Inputs[0]] = image };
        TensorData[] outputs =
            new GraphInterpreter(graph).Run([image], (tensor, value) => values[tensor] = value, TestContext.Current.CancellationToken);

        IReadOnlyList<TensorData> whole = real.Run(converted, image);
        Assert.Equal(outputs.Select(static o => (o.Type, o.Shape)), whole.Select(static o => (o.Type, o.Shape)));

        List<string> differences = [];
        for (int i = 0; i < graph.Nodes.Length; i++)
        {
            Node node = graph.Nodes[i];
            Tensor[] inputs = [.. node.Inputs.OfType<Tensor>().Where(static t => !t.IsConstant && !t.IsVariable).Distinct()];
            string path = folder.Write($"{i}.tflite", TfLiteWriter.Write(new Graph("one", [node], [.. inputs], node.Outputs)));
            IReadOnlyList<TensorData> results = real.Run(path, [.. inputs.Select(t => values[t])]);
            for (int j = 0; j < results.Count; j++)
            {
                long difference = LargestDifference(values[node.Outputs[j]], results[j]);
                if (difference > 1)
                    differences.Add($"{difference}: {GraphListing.WriteNode(node)}");
            }
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static long LargestDifference(TensorData ours, TensorData theirs)
    {
        Assert.Equal(ours.Type, theirs.Type);
        Assert.Equal(ours.Shape, theirs.Shape);
        return ours.Type.IsFloat()
            ? (ours.ToFloatArray().Zip(theirs.ToFloatArray())
            .Max(static p => Math.Abs(p.First - p.Second)) > 1e-4f * Math.Max(1, ours.ToFloatArray().Max(Math.Abs)) ? long.MaxValue : 0)
            : ours.ToInt64Array().Zip(theirs.ToInt64Array()).Max(static p => Math.Abs(p.First - p.Second));
    }

    private static TensorData Quantized(TensorData image, Tensor input)
    {
        Quantization q = input.Quantization!;
        (int min, int max) = input.Type.IntegerRange();
        int[] stored = Array.ConvertAll(image.ToFloatArray(), v => Math.Clamp((int)MathF.Round(v / q.Scale) + q.ZeroPoint, min, max));
        return input.Type == ElementType.Int8
            ? TensorData.From<sbyte>(input.Shape, Array.ConvertAll(stored, static v => (sbyte)v))
            : TensorData.From<short>(input.Shape, Array.ConvertAll(stored, static v => (short)v));
    }
}
