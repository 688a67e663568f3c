using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx;
using EthosU.Optimize;
using EthosU.Quantize;
using EthosU.Quantize.Ranges;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests;

/// <summary>
/// What becomes of the ONNX project's own models of PyTorch layers (Debian package <c>libonnx-testdata</c>) loads and runs in runtimes that
/// we did not write.
/// </summary>
public sealed class BackendRuntimeTests
{
    // PRELU on five axes, which only 3-D layers have, ends the process of the old runtime.
    private static readonly string[] LeftOut = ["test_PReLU_3d_multiparam"];

    private static readonly string[] Places =
        ["/usr/lib/python3/dist-packages/onnx/backend/test/data", "/usr/include/onnx/backend/test/data",
        "/usr/share/libonnx-testdata/data"];

    public static TheoryData<string, Precision> Cases
    {
        get
        {
            TheoryData<string, Precision> cases = [];
            foreach (string runtime in (string[])[TfLiteRuntimes.Native, TfLiteRuntimes.LiteRt])
                foreach (Precision precision in Enum.GetValues<Precision>())
                    cases.Add(runtime, precision);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryFileLoadsAndRuns(string runtime, Precision precision)
    {
        ITfLiteRuntime real = TfLiteRuntimes.Require(runtime);
        string[] folders =
            [.. Places.SelectMany(
            static place => (string[])[Path.Combine(place, "pytorch-converted"), Path.Combine(place, "pytorch-operator")])
                .Where(Directory.Exists).DistinctBy(Path.GetFileName)];
        Assert.SkipWhen(folders.Length == 0, "the ONNX backend tests are not installed (Debian package libonnx-testdata)");
        using TemporaryFolder folder = new();
        List<string> problems = [];
        int ran = 0;
        foreach (string model in folders.SelectMany(Directory.EnumerateDirectories)
            .Where(static path => !LeftOut.Contains(Path.GetFileName(path))).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(model);
            if (Convert(Path.Combine(model, "model.onnx"), precision) is not { } graph)
                continue;
            string path = folder.Write($"{name}.tflite", TfLiteWriter.Write(graph));
            try
            {
                TensorData[] inputs = [.. graph.Inputs.Select(static (input, i) => Values(input, i))];
                IReadOnlyList<TensorData> outputs = real.Run(path, inputs);
                if (!outputs.Select(static output => (output.Type, output.Shape))
                    .SequenceEqual(graph.Outputs.Select(static output => (output.Type, output.Shape))))
                    problems.Add($"{name}: its outputs are {string.Join(", ", outputs)}");
                ran++;
            }
            catch (TfLiteRuntimeException e)
            {
                problems.Add($"{name}: {e.Message}");
            }
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.True(ran > 90, $"only {ran} models ran");
    }

    /// <summary>Null for a model that is refused: of training, or on three axes.</summary>
    private static Graph? Convert(string path, Precision precision)
    {
        try
        {
            ImportedModel model = OnnxReader.Read(path, null, TestContext.Current.CancellationToken);
            Graph graph = GraphOptimizer.Optimize(model.Graph, null, null, TestContext.Current.CancellationToken).Graph;
            RangeTable ranges = precision == Precision.Float32 ? RangeTable.Of([]) : RangeTable.Assume(new(-1, 1));
            return Quantizer
                .Quantize(graph, ranges, new() { Precision = precision, CorrectBias = false }, TestContext.Current.CancellationToken).Graph;
        }
        catch (UnsupportedModelException)
        {
            return null;
        }
    }

    private static TensorData Values(Tensor input, int seed)
    {
        Random random = new(seed);
        if (input.Type == ElementType.Float32)
            return TensorData
                .From<float>(input.Shape, [.. Enumerable.Range(0, (int)input.Shape.ElementCount).Select(_ => random.NextSingle())]);
        byte[] bytes = new byte[input.Type.ByteCount(input.Shape.ElementCount)];
        if (input.Type is ElementType.Int8 or ElementType.Int16)
            random.NextBytes(bytes);
        return new(input.Type, input.Shape, bytes);
    }
}
