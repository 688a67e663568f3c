using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu;
using EthosU.Npy;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Running;
using EthosU.Pipeline.Tests.Compile;
using EthosU.Simulator;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.TfLite;

/// <summary>
/// Files that people publish and that other converters make: interpreted and compiled, they give the recorded outputs of TensorFlow Lite
/// Micro. Adding a case is adding a file and its outputs.
/// </summary>
public sealed class PublishedModelTests
{
    private const long SlowBytes = 1 << 20;

    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    /// <summary>State lives from sample to sample in these recordings.</summary>
    private static readonly HashSet<string> Sequences = ["okay_nabu"];

    public static TheoryData<string, string> Recorded()
    {
        TheoryData<string, string> data = [];
        foreach (string folder in (string[])["peers", "wild"])
            if (Directory.Exists(Path.Combine(SharedData.Root, "data", folder)))
                foreach (string outputs in Directory.EnumerateFiles(Path.Combine(SharedData.Root, "data", folder), "*.npz").Order())
                    if (File.Exists(Path.ChangeExtension(outputs, "tflite")))
                        data.Add(folder, Path.GetFileNameWithoutExtension(outputs));
        return data;
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Recorded))]
    public void Recorded_outputs_are_given(string folder, string name)
    {
        string path = SharedData.Require("data", folder, $"{name}.tflite");
        Graph graph = TfLiteReader.Read(path);
        IReadOnlyDictionary<string, NumpyArray> arrays = NumpyArchive.ReadAll(Path.ChangeExtension(path, "npz"));
        Assert.Equal(0, Differing(graph, new GraphInterpreter(graph), arrays, Sequences.Contains(name)));
        if (!Full && new FileInfo(path).Length > SlowBytes)
            return; // its simulation takes long
        CompileResult result =
            NpuCompiler.Compile(graph, new(CompileCheck.Target("ethos-u55-128", "Shared_Sram")),
            cancellation: TestContext.Current.CancellationToken);
        Graph compiled = TfLiteReader.Read(TfLiteWriter.Write(result.Graph), name, out var tensors);
        EthosUOperator npu = new(compiled, tensors, name);
        Assert.Equal(0, Differing(compiled, new GraphInterpreter(compiled, new() { CustomOperator = npu.Run }), arrays,
            Sequences.Contains(name)));
        Assert.Empty(npu.Violations);
        if (folder == "peers")
            Assert.True(result.RunsEntirelyOnNpu, string.Join('\n', result.Findings));
    }

    private static int Differing(Graph graph, GraphInterpreter interpreter, IReadOnlyDictionary<string, NumpyArray> arrays, bool isSequence)
    {
        int differing = 0;
        interpreter.ResetVariables();
        for (int sample = 0; sample < arrays["in0"].RowCount; sample++)
        {
            if (!isSequence)
                interpreter.ResetVariables();
            TensorData[] outputs =
                interpreter.Run(
                [.. graph.Inputs.Select((input, i) => new TensorData(input.Type, input.Shape, arrays[$"in{i}"].Row(sample)))]);
            for (int i = 0; i < outputs.Length; i++)
            {
                ReadOnlySpan<byte> wanted = arrays[$"out{i}"].Row(sample).Span, got = outputs[i].Bytes.Span;
                Assert.Equal(wanted.Length, got.Length);
                for (int at = 0; at < wanted.Length; at++)
                    differing += wanted[at] == got[at] ? 0 : 1;
            }
        }
        return differing;
    }

    [Fact]
    public void A_published_transposed_convolution_of_16_bits_gives_its_published_result()
    {
        string path = SharedData.Require("data", "wild", "transpose_conv0.tflite");
        Graph graph = TfLiteReader.Read(path);
        TensorData[] outputs = new GraphInterpreter(graph).Run(
            [TensorData.Vector<int>(Numbers(path, "input0_int32")),
                TensorData.From<short>(graph.Inputs[1].Shape, Array.ConvertAll(Numbers(path, "input1_int16"), v => (short)v))]);
        Assert.Equal(Numbers(path, "golden_int16"), outputs[0].ToInt32Array());
    }

    private static int[] Numbers(string model, string suffix) =>
        [.. File.ReadAllText(model.Replace(".tflite", $"_{suffix}.csv", StringComparison.Ordinal))
        .Split([',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse)];

    [Fact]
    public void Keras_mobilenet_of_unknown_batch_runs_on_the_npu()
    {
        Graph graph = TfLiteReader.Read(SharedData.Require("data", "peers", "mobilenet_025_int8.tflite"));
        Assert.DoesNotContain(graph.Nodes, node => node.Operator is ShapeOf or StridedSlice or Pack);
        CompileCheck check = CompileCheck.AgainstInterpreter(graph, CompileCheck.Target("ethos-u55-128", "Shared_Sram"), 1, 1);
        Assert.Equal(0, check.DifferingBytes);
        Assert.True(check.Result.RunsEntirelyOnNpu);
    }

    [Fact]
    public void Operators_that_are_only_named_are_left_to_the_processor()
    {
        Graph graph = TfLiteReader.Read(SharedData.Require("data", "wild", "yamnet_wavin.tflite"));
        CompileResult result =
            NpuCompiler.Compile(graph, new(CompileCheck.Target("ethos-u55-128", "Shared_Sram")),
            cancellation: TestContext.Current.CancellationToken);
        Graph read = TfLiteReader.Read(TfLiteWriter.Write(result.Graph), "compiled");
        Assert.True(result.NpuOperatorCount > 0);
        foreach (BuiltinCode code in (BuiltinCode[])[BuiltinCode.Rfft2d, BuiltinCode.ComplexAbs])
        {
            OtherBuiltin before = Assert.Single(graph.Nodes.Select(node => node.Operator).OfType<OtherBuiltin>(), op => op.Code == code);
            OtherBuiltin after = Assert.Single(read.Nodes.Select(node => node.Operator).OfType<OtherBuiltin>(), op => op.Code == code);
            Assert.Equal((before.Version, before.OptionsKind), (after.Version, after.OptionsKind));
            Assert.Equal(before.OptionFields.ToArray(), after.OptionFields.ToArray());
        }
    }

    [Fact]
    public void State_has_one_finding()
    {
        Graph graph = TfLiteReader.Read(SharedData.Require("data", "wild", "okay_nabu.tflite"));
        CompileResult result =
            NpuCompiler.Compile(graph, new(CompileCheck.Target("ethos-u55-128", "Shared_Sram")),
            cancellation: TestContext.Current.CancellationToken);
        Assert.Single(result.Findings, finding => finding.RuleId == "npu-variables");
        Assert.DoesNotContain(result.Findings, finding => finding.Operator is "VAR_HANDLE" or "READ_VARIABLE" or "ASSIGN_VARIABLE");
    }

    [Fact]
    public void A_run_of_a_sequence_keeps_state()
    {
        string path = SharedData.Require("data", "wild", "okay_nabu.tflite"), recorded = Path.ChangeExtension(path, "npz");
        byte[] wanted = [.. Enumerable.Range(0, 12).SelectMany(i => NumpyArchive.ReadAll(recorded)["out0"].Row(i).ToArray())];
        Assert.Equal(wanted, Outputs(isSequence: true));
        Assert.NotEqual(wanted, Outputs(isSequence: false));

        byte[] Outputs(bool isSequence)
        {
            using TemporaryFolder folder = new();
            RunReport report =
                RunJob.Run(new() { ModelPath = path, Inputs = [$"{recorded}:in0"], OutputPrefix = folder.File("out"), Stacked =
                true, IsSequence = isSequence },
                cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(12, report.Samples);
            byte[] file = File.ReadAllBytes(Assert.Single(report.Files));
            return file[^12..];
        }
    }

    [Fact]
    public void Sizes_that_a_file_leaves_open_can_be_fixed()
    {
        string path = SharedData.Require("data", "wild", "dilated_conv.tflite");
        CheckOptions open = new() { ModelPath = path };
        Assert.Equal("compile-dynamic-shape",
            Assert.Single(Assert
                .Throws<UnsupportedModelException>(() => CheckJob.Check(open, TestContext.Current.CancellationToken)).Findings).RuleId);
        CheckedModel model =
            CheckJob.Check(open with { Sizes = open.Sizes.Add("input_1:1", 16).Add("input_1:2", 20) },
            TestContext.Current.CancellationToken);
        Assert.Equal([1, 16, 20, 16], Assert.Single(model.Graph.Outputs).Shape);
        Assert.Equal("npu-float-model", Assert.Single(model.Findings).RuleId);
        Assert.Throws<ModelFormatException>(
            () => CheckJob.Check(open with { Sizes = open.Sizes.Add("height", 16) }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Models_of_unsigned_bytes_are_called_that()
    {
        string path = SharedData.Require("data", "wild", "mobilenet_v1_025_128_uint8.tflite");
        UnsupportedModelException refused = Assert.Throws<UnsupportedModelException>(() => new GraphInterpreter(TfLiteReader.Read(path)));
        Assert.Equal("interpreter-uint8", Assert.Single(refused.Findings).RuleId);
    }
}
