using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu;
using EthosU.Npy;
using EthosU.Optimize;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Reports;
using EthosU.Quantize;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>
/// Small reproductions of what users report: converted to real numbers they give the float results of the original, and what is compiled
/// of the quantized model gives its bytes on every kind of target, without violations. Adding a case is adding a folder.
/// </summary>
public sealed class ReportedModelTests : IDisposable
{
    private const float Tolerance = 1e-4f;

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Cases()
    {
        string path = Path.Combine(SharedData.Root, "data", "reports");
        return Directory.Exists(path)
            ? [.. Directory.EnumerateDirectories(path).Select(static directory => Path.GetFileName(directory))
            .Order(StringComparer.Ordinal)]
            : [""];
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Real_numbers_equal_the_originals(string name)
    {
        Graph graph = Convert(name, Precision.Float32);
        IReadOnlyDictionary<string, NumpyArray> inputs = Arrays(name, "inputs"), expected = Arrays(name, "expected");
        GraphInterpreter interpreter = new(graph);
        int rows = inputs.Values.First().RowCount / Batch(graph, inputs);
        Assert.True(rows > 0);
        for (int row = 0; row < rows; row++)
        {
            interpreter.ResetVariables();
            TensorData[] outputs = interpreter.Run(Sample(graph, inputs, row));
            Assert.Equal(expected.Count, outputs.Length);
            for (int i = 0; i < outputs.Length; i++)
            {
                float[] wanted = Floats(expected[$"out{i}"], row, outputs[i].Shape.ElementCount), got = outputs[i].ToFloatArray();
                for (int at = 0; at < wanted.Length; at++)
                    Assert.True(Math.Abs(wanted[at] - got[at]) <= Tolerance * Math.Max(1, Math.Abs(wanted[at])),
                        $"output {i} of sample {row}, element {at}: {got[at]} for {wanted[at]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compiled_models_give_the_quantized_models_bytes(string name)
    {
        Graph graph = Convert(name, Precision.Int8);
        foreach (string accelerator in CompileCheck.Accelerators)
        {
            string mode = CompileCheck.MemoryModes[Array.IndexOf(CompileCheck.Accelerators, accelerator) % CompileCheck.MemoryModes.Length];
            foreach (CompileGoal goal in Enum.GetValues<CompileGoal>())
            {
                CompileOptions options = new(CompileCheck.Target(accelerator, mode)) { OptimiseFor = goal };
                CompileCheck check = CompileCheck.AgainstInterpreter(graph, options, CompileCheck.Extremes(graph, 2, seed: 5));
                Assert.True(check.DifferingBytes == 0, $"{check.DifferingBytes} bytes differ on {accelerator} {mode} {goal}");
                Assert.Empty(check.Violations);
            }
        }
    }

    [Fact]
    public void What_is_lost_where_boxes_and_scores_are_joined_is_said()
    {
        ConvertReport report = ConvertAll("09-yolo-cat", Precision.Int8);
        FindingReport lost = Assert.Single(report.Findings, static finding => finding.RuleId == "quantize-range-lost");
        Assert.Equal(("CONCATENATION", "warning"), (lost.Operator, lost.Severity));
        Assert.Contains("654", lost.Reason, StringComparison.Ordinal);
        Assert.Contains("outputs of their own", lost.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain(ConvertAll("09-yolo-cat", Precision.Int16x8).Findings,
            static finding => finding.RuleId == "quantize-range-lost");
    }

    [Fact]
    public void Activations_of_16_bits_reach_the_outputs() =>
        Assert.All(Convert("31-i16-bil2", Precision.Int16x8).Outputs, static output => Assert.Equal(ElementType.Int16, output.Type));

    /// <summary>Symbolic sizes become those of the recorded inputs.</summary>
    private Graph Convert(string name, Precision precision)
    {
        ConvertAll(name, precision);
        return TfLiteReader.Read(folder.File("out.tflite"));
    }

    private ConvertReport ConvertAll(string name, Precision precision)
    {
        string model = SharedData.Require("data", "reports", name, "model.onnx"), output = folder.File("out.tflite");
        string calibration = Path.Combine(Path.GetDirectoryName(model)!, "calib.npz");
        IReadOnlyDictionary<string, NumpyArray> inputs = Arrays(name, "inputs");
        var sizes = ImmutableDictionary<string, int>.Empty;
        if (name.Contains("dyn", StringComparison.Ordinal))
            foreach ((string input, NumpyArray array) in inputs)
                for (int axis = 2; axis < array.RowShape.Rank; axis++)
                    sizes = sizes.Add($"{input}:{axis}", array.RowShape[axis]);
        return ConvertJob.Run(
            new()
            {
                ModelPath = model,
                OutputPath = output,
                InputLayout = DataLayout.Nchw,
                OutputLayout = DataLayout.Nchw,
                Sizes = sizes,
                Calibration = new() { Path = File.Exists(calibration) ? calibration
                    : Path.Combine(Path.GetDirectoryName(model)!, "inputs.npz") },
                Quantization = new() { Precision = precision },
            },
            cancellation: TestContext.Current.CancellationToken);
    }

    private static IReadOnlyDictionary<string, NumpyArray> Arrays(string name, string what) =>
        NumpyArchive.ReadAll(SharedData.Require("data", "reports", name, $"{what}.npz"));

    /// <summary>Rows of the archive that one run takes: an input of batch n takes n of them.</summary>
    private static int Batch(Graph graph, IReadOnlyDictionary<string, NumpyArray> inputs)
    {
        NumpyArray first = inputs[graph.Inputs[0].Name];
        return (int)(graph.Inputs[0].Shape.ElementCount / (first.Shape.ElementCount / first.RowCount));
    }

    private static TensorData[] Sample(Graph graph, IReadOnlyDictionary<string, NumpyArray> inputs, int row) =>
        [.. graph.Inputs.Select(input => TensorData.From<float>(input.Shape, Floats(inputs[input.Name], row, input.Shape.ElementCount)))];

    private static float[] Floats(NumpyArray array, int row, long count) =>
        array.ToTensorData().ToFloatArray().AsSpan((int)(row * count), (int)count).ToArray();
}
