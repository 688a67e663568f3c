using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Npy;
using EthosU.Onnx;
using EthosU.Optimize;
using EthosU.Quantize.Data;
using EthosU.Quantize.Reference;
using EthosU.Quantize.Reference.OnnxRuntime;
using EthosU.Testing;
using Xunit;

namespace EthosU.Quantize.Tests.Reference;

/// <summary>ONNX Runtime on the file and the interpreter on the graph made of it say the same: calibration may ask either.</summary>
public sealed class ReferenceModelTests
{
    private const double Tolerance = 1e-4; // of an output's largest value
    private const int SmallFile = 200_000, Samples = 2;

    // A grid of computed positions, which the import refuses.
    private static readonly string[] Refused = ["zoo/warp-by-grid-sample/model.onnx"];

    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    public static TheoryData<string> Models => [.. Files()];

    [Theory]
    [MemberData(nameof(Models))]
    public void Both_agree_on_all_outputs(string file)
    {
        string path = SharedData.Require(["data", .. file.Split('/')]);
        ImportedModel model = OnnxReader.Read(path, new() { Sizes = OpenSizes(path) }, TestContext.Current.CancellationToken);
        Graph optimized = GraphOptimizer.Optimize(model.Graph, new(), null, TestContext.Current.CancellationToken).Graph;
        Sample[] samples = [.. Data(path, model.Graph.Inputs).Read(TestContext.Current.CancellationToken).Take(Samples)];
        string[] inputs = [.. model.Graph.Inputs.Select(NameOf)], outputs = [.. model.Graph.Outputs.Where(IsReal).Select(NameOf)];
        Assert.NotEmpty(outputs);

        using IReferenceSession runtime = new OnnxReferenceModel(path).Open(inputs, outputs);
        using IReferenceValues wanted = runtime.Run(samples, TestContext.Current.CancellationToken);
        Assert.Equal(outputs, runtime.Values);
        foreach (Graph graph in new[] { model.Graph, optimized })
        {
            using IReferenceSession interpreter = new GraphReferenceModel(graph).Open(inputs, outputs);
            using IReferenceValues got = interpreter.Run(samples, TestContext.Current.CancellationToken);
            Assert.Equal(outputs, interpreter.Values);
            for (int sample = 0; sample < samples.Length; sample++)
                for (int value = 0; value < outputs.Length; value++)
                    AssertAlike(wanted.Elements(sample, value), got.Elements(sample, value), outputs[value]);
        }
    }

    private static void AssertAlike(ReadOnlySpan<float> wanted, ReadOnlySpan<float> got, string name)
    {
        Assert.Equal(wanted.Length, got.Length);
        double largest = 0;
        foreach (float value in wanted)
            largest = Math.Max(largest, Math.Abs(value));
        for (int i = 0; i < wanted.Length; i++)
            Assert.True(Math.Abs((double)wanted[i] - got[i]) <= Tolerance * largest,
                $"'{name}'[{i}]: {wanted[i]} in ONNX Runtime, {got[i]} in the interpreter; the largest is {largest}");
    }

    private static bool IsReal(Tensor tensor) => tensor.Type == ElementType.Float32;

    private static string NameOf(Tensor tensor) => tensor.Origin ?? tensor.Name;

    /// <summary>What a model's data are: those beside it, photographs for the trained networks.</summary>
    private static SampleSource Data(string path, ImmutableArray<Tensor> inputs)
    {
        string beside = Path.Combine(Path.GetDirectoryName(path)!, "inputs.npz");
        return Path.Exists(beside) ? SampleSource.Open(beside, inputs)
            : SampleSource.Open(SharedData.Require("data", "cifar10", "calibration.npz"), inputs, Preprocessing.Parse("1/255", null, null));
    }

    /// <summary>The height and width that a file leaves open, from the data beside it.</summary>
    private static ImmutableDictionary<string, int> OpenSizes(string path)
    {
        var sizes = ImmutableDictionary<string, int>.Empty;
        if (!path.Contains("-dyn-", StringComparison.Ordinal))
            return sizes;
        foreach ((string input, NumpyArray array) in NumpyArchive.ReadAll(Path.Combine(Path.GetDirectoryName(path)!, "inputs.npz")))
            for (int axis = 2; axis < array.RowShape.Rank; axis++)
                sizes = sizes.Add($"{input}:{axis}", array.RowShape[axis]);
        return sizes;
    }

    private static IEnumerable<string> Files()
    {
        string root = Path.Combine(SharedData.Root, "data");
        foreach (string folder in (string[])["models/pytorch", "zoo", "reports"])
        {
            string[] files = Directory.Exists(Path.Combine(root, folder))
                ? Directory.GetFiles(Path.Combine(root, folder), "*.onnx", SearchOption.AllDirectories) : [];
            if (files.Length == 0)
                yield return folder; // one test that skips and says what is missing
            string[] names =
                [.. files.Where(static file => Full || new FileInfo(file).Length <= SmallFile)
                .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))];
            foreach (string name in names.Except(Refused).Order(StringComparer.Ordinal))
                yield return name;
        }
    }
}
